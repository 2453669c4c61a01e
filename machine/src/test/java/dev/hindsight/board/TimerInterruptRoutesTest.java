package dev.hindsight.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.bus.ApicMessage;
import dev.hindsight.bus.CpuPins;
import dev.hindsight.bus.Device;
import dev.hindsight.bus.InterruptLine;
import dev.hindsight.bus.MessageSignalledInterrupts;
import dev.hindsight.device.Rig;
import dev.hindsight.device.apic.LocalApic;
import dev.hindsight.device.apic.XapicRegisters;
import dev.hindsight.device.hpet.Hpet;
import dev.hindsight.device.hpet.HpetOutputs;
import dev.hindsight.device.ioapic.IoApic;
import dev.hindsight.device.pic.DualPic;
import dev.hindsight.device.pit.Pit8254;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The ways on which a timer's interrupt reaches a CPU, as a kernel that looks for one that works
 * tries them: 8254, 8259s and HPET, I/O APIC and local APIC, wired as in a PC.
 */
class TimerInterruptRoutesTest {
  private static final int VECTOR = 0x30;
  private static final int LEVEL = 1 << 15;
  private static final int EOI = 0xB0;
  private static final int LINT0 = 0x350;
  private static final long MILLISECOND = 1_000_000;

  private final Rig rig = new Rig();
  private final Rig hpetRig = new Rig();
  private final List<Integer> taken = new ArrayList<>();
  private boolean intr;

  private final DualPic pic = new DualPic("pic", this::picOutput);
  private final LocalApic apic =
      new LocalApic(
          "apic",
          0,
          rig,
          new Rig().deadlines(),
          this::carry,
          new Pins(),
          pic,
          vector -> ioApic().endOfInterrupt(vector));
  private final XapicRegisters apicRegisters = new XapicRegisters(apic);
  private final IoApic ioApic = new IoApic("ioapic", this::carry);
  private final Hpet hpet =
      new Hpet(
          "hpet",
          hpetRig,
          hpetRig.deadlines(),
          new HpetOutputs(
              both(pic.input(0), ioApic.input(2)),
              both(pic.input(8), ioApic.input(8)),
              ioApic::input,
              new MessageSignalledInterrupts(this::carry)));
  private final Pit8254 pit = new Pit8254("pit", rig, rig.deadlines(), hpet.pit());

  TimerInterruptRoutesTest() {
    List<Device<?>> all = List.of(apic, pic, ioApic, hpet, pit);
    all.forEach(Device::reset);
    apic(0xF0, 0x1FF);
    apic(0xD0, 1 << 24);
    apic(LINT0, 0x1_0700);
    // the 8259 with automatic end of interrupt, all masked
    for (int[] w : new int[][] {{0, 0x11}, {1, VECTOR}, {1, 4}, {1, 3}, {1, 0xFF}}) {
      pic.master().write(w[0], 1, w[1]);
    }
    // mode 2, 250 Hz
    pit.write(3, 1, 0x34);
    pit.write(0, 1, 4773 & 0xFF);
    pit.write(0, 1, 4773 >> 8);
  }

  private IoApic ioApic() {
    return ioApic;
  }

  private static InterruptLine both(InterruptLine first, InterruptLine second) {
    return level -> {
      first.set(level);
      second.set(level);
    };
  }

  private void picOutput(boolean level) {
    apic.lint0().set(level);
    ioApic.input(0).set(level);
  }

  private void carry(ApicMessage message) {
    if (apic.accepts(message)) {
      apic.receive(message);
    }
  }

  private void apic(int register, int value) {
    apicRegisters.write(register, 4, value & 0xFFFF_FFFFL);
  }

  private void entry(int pin, int low) {
    ioApic.write(0, 4, 0x11 + 2 * pin);
    ioApic.write(0x10, 4, 1L << 24);
    ioApic.write(0, 4, 0x10 + 2 * pin);
    ioApic.write(0x10, 4, low);
  }

  /** The interrupts that a CPU takes in 41 ms, one a millisecond at most. */
  private List<Integer> run(boolean end) {
    taken.clear();
    for (int i = 0; i < 41; i++) {
      rig.advance(pit, MILLISECOND);
      hpetRig.advance(hpet, MILLISECOND);
      if (intr) {
        taken.add(apic.acknowledge());
        if (end) {
          apic(EOI, 0);
        }
      }
    }
    return List.copyOf(taken);
  }

  private void unmaskIrq0() {
    pic.master().write(1, 1, 0xFE);
  }

  private static List<Integer> tenOf(int vector) {
    return Collections.nCopies(10, vector);
  }

  @Test
  void theIoApicsPin2() {
    entry(2, 0x800 | VECTOR);
    assertThat(run(true)).isEqualTo(tenOf(VECTOR));
    entry(2, 0x1_0800 | VECTOR);
    assertThat(run(true)).isEmpty();
  }

  @Test
  void theIoApicsPin2Level() {
    // a level that the 8254 holds for most of its period comes again after each end
    entry(2, 0x800 | VECTOR | LEVEL);
    assertThat(run(true)).hasSizeGreaterThan(30).containsOnly(VECTOR);
  }

  @Test
  void the8259sThroughPin0AsExtInt() {
    entry(0, 0xF00);
    unmaskIrq0();
    // and the request that had waited for the mask
    assertThat(run(false)).hasSize(11).containsOnly(VECTOR);
  }

  @Test
  void the8259sThroughLint0() {
    apic(LINT0, 0x700);
    unmaskIrq0();
    assertThat(run(false)).hasSize(11).containsOnly(VECTOR);
  }

  /** With automatic end of interrupt, the second of two is an edge of its own. */
  @Test
  void twoRequestsThroughPin0() {
    entry(0, 0xF00);
    pic.master().write(1, 1, 0xCF);
    pic.input(4).set(true);
    pic.input(5).set(true);
    assertThat(intr).isTrue();
    assertThat(apic.acknowledge()).isEqualTo(VECTOR + 4);
    assertThat(intr).isTrue();
    assertThat(apic.acknowledge()).isEqualTo(VECTOR + 5);
    assertThat(intr).isFalse();
  }

  /** 500 Hz instead of 250. */
  @Test
  void theHpetInLegacyReplacement() {
    hpet.write(0x100, 4, 0x4C);
    hpet.write(0x108, 8, 200_000);
    hpet.write(0x10, 4, 3);
    entry(2, 0x800 | VECTOR);
    assertThat(run(true)).hasSize(20).containsOnly(VECTOR);
    entry(2, 0x1_0000);
    entry(0, 0xF00);
    unmaskIrq0();
    assertThat(run(false)).hasSize(21).containsOnly(VECTOR);
    hpet.write(0x10, 4, 1);
    assertThat(run(false)).hasSizeBetween(10, 11).containsOnly(VECTOR);
  }

  @Test
  void messagesOfTheHpet() {
    hpet.write(0x100, 4, 0x404C);
    hpet.write(0x108, 8, 400_000);
    hpet.write(0x110, 8, 0xFEE0_0000_0000_4051L);
    hpet.write(0x10, 4, 1);
    assertThat(run(true)).isEqualTo(tenOf(0x51));
  }

  private final class Pins implements CpuPins {
    @Override
    public void intr(boolean level) {
      intr = level;
    }

    @Override
    public void nmi() {}

    @Override
    public void init() {}

    @Override
    public void startup(int vector) {}
  }
}
