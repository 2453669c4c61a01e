package dev.hindsight.device.uart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.bus.Input;
import dev.hindsight.device.Rig;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the data sheet of the PC16550D says, and what drivers rely on. */
class Uart16550Test {
  private static final int DATA = 0;
  private static final int IER = 1;
  private static final int IIR = 2;
  private static final int FCR = 2;
  private static final int LCR = 3;
  private static final int MCR = 4;
  private static final int LSR = 5;
  private static final int MSR = 6;
  private static final int SCR = 7;

  private static final int OUT2 = 8;
  private static final int LOOP = 16;

  private final Rig rig = new Rig();
  private final List<Boolean> edges = new ArrayList<>();
  private final Uart16550 uart = new Uart16550("dut", rig, rig.deadlines(), this::line, rig.sink());

  Uart16550Test() {
    uart.reset();
    write(MCR, OUT2);
    edges.clear();
  }

  private void line(boolean level) {
    if (level != rig.level("int")) {
      edges.add(level);
    }
    rig.line("int").set(level);
  }

  private boolean interrupt() {
    return rig.level("int");
  }

  private int read(int offset) {
    return (int) uart.read(offset, 1);
  }

  private void write(int offset, int value) {
    uart.write(offset, 1, value);
  }

  private void receive(int... values) {
    for (int v : values) {
      uart.input(new Input.SerialByte("dut", v));
    }
  }

  @Test
  void resetValues() {
    uart.reset();
    assertThat(read(IER)).isZero();
    assertThat(read(IIR)).isEqualTo(1);
    assertThat(read(LCR)).isZero();
    assertThat(read(MCR)).isZero();
    assertThat(read(LSR)).isEqualTo(0x60);
    assertThat(read(MSR) & 15).isZero();
  }

  @Test
  void divisorLatchHidesDataAndInterruptEnable() {
    write(IER, 5);
    write(LCR, 0x83);
    write(DATA, 0x34);
    write(IER, 0x12);
    assertThat(read(DATA)).isEqualTo(0x34);
    assertThat(read(IER)).isEqualTo(0x12);
    assertThat(rig.takeEvents()).isEmpty();
    write(LCR, 3);
    assertThat(read(IER)).isEqualTo(5);
    write(SCR, 0x5A);
    assertThat(read(SCR)).isEqualTo(0x5A);
  }

  @Test
  void registersKeepOnlyTheBitsTheyHave() {
    write(IER, 0xFF);
    write(MCR, 0xFF);
    assertThat(read(IER)).isEqualTo(0x0F);
    assertThat(read(MCR)).isEqualTo(0x1F);
    write(LSR, 0);
    assertThat(read(LSR)).isEqualTo(0x60);
  }

  @ParameterizedTest
  @CsvSource({"0x01, 1", "0x41, 4", "0x81, 8", "0xC1, 14"})
  void receivedDataInterruptAtTheTriggerLevel(int fcr, int level) {
    write(FCR, fcr);
    write(IER, 1);
    for (int i = 1; i < level; i++) {
      receive(i);
      assertThat(interrupt()).isFalse();
    }
    receive(level);
    assertThat(interrupt()).isTrue();
    assertThat(read(IIR)).isEqualTo(0xC4);
    // it goes as soon as the FIFO is below the level
    assertThat(read(DATA)).isEqualTo(1);
    assertThat(interrupt()).isFalse();
    assertThat(read(IIR)).isEqualTo(0xC1);
  }

  // divisor 12, that is 9600 baud: 4 characters of so many bits
  @ParameterizedTest
  @CsvSource({"0x03, 10", "0x00, 7", "0x07, 11", "0x0F, 12", "0x1A, 10"})
  void timeOutAfterFourCharacterTimes(int lcr, int bits) {
    write(LCR, lcr);
    write(FCR, 0xC1);
    write(IER, 1);
    receive('a', 'b');
    long ticks = 4L * bits * 1_000_000_000 / 9600;
    rig.advance(uart, ticks - 1);
    assertThat(interrupt()).isFalse();
    rig.advance(uart, 1);
    assertThat(interrupt()).isTrue();
    assertThat(read(IIR)).isEqualTo(0xCC);
    // announced once, it stays when a byte comes, and goes when one is read
    receive('c');
    assertThat(read(IIR)).isEqualTo(0xCC);
    assertThat(read(DATA)).isEqualTo('a');
    assertThat(interrupt()).isFalse();
    // what is left is announced again
    rig.advance(uart, ticks);
    assertThat(read(IIR)).isEqualTo(0xCC);
    read(DATA);
    read(DATA);
    assertThat(interrupt()).isFalse();
    assertThat(rig.pending().pending()).isEmpty();
  }

  @Test
  void trafficPutsTheTimeOutOff() {
    write(LCR, 3);
    write(FCR, 0xC1);
    write(IER, 1);
    long ticks = 40L * 1_000_000_000 / 9600;
    receive('a');
    rig.advance(uart, ticks - 10);
    receive('b');
    rig.advance(uart, ticks - 10);
    assertThat(interrupt()).isFalse();
    read(DATA);
    rig.advance(uart, ticks - 10);
    assertThat(interrupt()).isFalse();
    rig.advance(uart, 10);
    assertThat(interrupt()).isTrue();
  }

  @Test
  void withoutFifosThereIsNoTimeOutAndOnePlace() {
    write(IER, 5);
    receive('a');
    assertThat(rig.pending().pending()).isEmpty();
    assertThat(read(IIR)).isEqualTo(4);
    // the second one overwrites the first
    receive('b');
    assertThat(read(IIR)).isEqualTo(6);
    assertThat(read(LSR)).isEqualTo(0x63);
    assertThat(read(LSR)).isEqualTo(0x61);
    assertThat(read(IIR)).isEqualTo(4);
    assertThat(read(DATA)).isEqualTo('b');
    assertThat(interrupt()).isFalse();
  }

  @Test
  void aFullFifoKeepsItsBytesOnOverrun() {
    write(FCR, 1);
    for (int i = 0; i < 17; i++) {
      receive(i);
    }
    assertThat(read(LSR) & 2).isNotZero();
    for (int i = 0; i < 16; i++) {
      assertThat(read(DATA)).isEqualTo(i);
    }
    assertThat(read(LSR)).isEqualTo(0x60);
  }

  @Test
  void prioritiesFromTheHighest() {
    write(FCR, 1);
    write(MCR, OUT2 | LOOP);
    write(MCR, OUT2);
    for (int i = 0; i < 17; i++) {
      receive(i);
    }
    write(IER, 15);
    assertThat(read(IIR)).isEqualTo(0xC6);
    read(LSR);
    assertThat(read(IIR)).isEqualTo(0xC4);
    for (int i = 0; i < 16; i++) {
      read(DATA);
    }
    assertThat(read(IIR)).isEqualTo(0xC2);
    // reading it as the source has cleared it
    assertThat(read(IIR)).isEqualTo(0xC0);
    assertThat(interrupt()).isTrue();
    read(MSR);
    assertThat(read(IIR)).isEqualTo(0xC1);
    assertThat(interrupt()).isFalse();
  }

  @Test
  void readingTheIdDoesNotClearATransmitterInterruptThatItDoesNotShow() {
    write(IER, 3);
    receive('x');
    assertThat(read(IIR)).isEqualTo(4);
    read(DATA);
    assertThat(read(IIR)).isEqualTo(2);
  }

  @Test
  void transmitterInterruptComesWithEnablingAndAfterEachByte() {
    write(IER, 2);
    assertThat(interrupt()).isTrue();
    assertThat(read(IIR)).isEqualTo(2);
    assertThat(interrupt()).isFalse();
    // written again without a change it does not come anew
    write(IER, 2);
    assertThat(interrupt()).isFalse();
    write(IER, 0);
    write(IER, 2);
    assertThat(interrupt()).isTrue();
    read(IIR);
    write(DATA, 'x');
    assertThat(interrupt()).isTrue();
    assertThat(rig.takeEvents()).containsExactly("sent 120");
  }

  /** A driver that sends without reading the IIR needs a new edge for each byte. */
  @Test
  void eachByteSentIsAnEdge() {
    write(IER, 2);
    edges.clear();
    write(DATA, 'a');
    write(DATA, 'b');
    assertThat(edges).containsExactly(false, true, false, true);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void theFifoIsClearedOnRequestAndWithAChangeOfMode(int clear) {
    write(FCR, 1);
    receive('a', 'b');
    write(FCR, clear);
    assertThat(read(LSR) & 1).isEqualTo(clear == 3 ? 0 : 1);
    receive('c');
    write(FCR, 0);
    assertThat(read(LSR) & 1).isZero();
    assertThat(read(IIR)).isEqualTo(1);
    assertThat(rig.pending().pending()).isEmpty();
  }

  @Test
  void otherFifoBitsCountOnlyWithTheEnableBit() {
    receive('a');
    write(FCR, 2);
    assertThat(read(DATA)).isEqualTo('a');
  }

  @Test
  void loopback() {
    write(MCR, LOOP | OUT2);
    write(IER, 1);
    write(DATA, 'q');
    assertThat(rig.takeEvents()).isEmpty();
    assertThat(read(LSR)).isEqualTo(0x61);
    // OUT2 is inactive outside, so nothing leaves the chip; the register shows it
    assertThat(interrupt()).isFalse();
    assertThat(read(IIR)).isEqualTo(4);
    receive('z');
    assertThat(read(DATA)).isEqualTo('q');
    assertThat(read(LSR)).isEqualTo(0x60);
  }

  // MCR: DTR, RTS, OUT1, OUT2; MSR: DSR, CTS, RI, DCD
  @ParameterizedTest
  @CsvSource({"0x1, 0x20", "0x2, 0x10", "0x4, 0x40", "0x8, 0x80", "0xA, 0x90", "0xF, 0xF0"})
  void modemLinesInLoopback(int mcr, int msr) {
    write(MCR, LOOP);
    read(MSR);
    write(MCR, LOOP | mcr);
    int deltas = msr >>> 4 & 0xB;
    // the ring indicator counts when it goes away
    assertThat(read(MSR)).isEqualTo(msr | deltas);
    assertThat(read(MSR)).isEqualTo(msr);
    write(MCR, LOOP);
    assertThat(read(MSR)).isEqualTo(msr >>> 4);
    assertThat(read(MSR)).isZero();
  }

  @Test
  void out2GatesTheInterrupt() {
    write(MCR, 0);
    write(IER, 1);
    receive('a');
    assertThat(interrupt()).isFalse();
    assertThat(read(IIR)).isEqualTo(4);
    write(MCR, OUT2);
    assertThat(interrupt()).isTrue();
  }
}
