package dev.hindsight.device.hpet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.bus.Deadlines;
import dev.hindsight.device.DeviceRow;
import dev.hindsight.device.Rig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The registers and timers as the HPET specification 1.0a has them; a cycle is ten ticks. */
class HpetTest {
  private static final int CONFIGURATION = 0x10;
  private static final int STATUS = 0x20;
  private static final int COUNTER = 0xF0;
  private static final int ENABLE = 1;
  private static final int LEGACY = 2;

  private static final int LEVEL = 1 << 1;
  private static final int INTERRUPT = 1 << 2;
  private static final int PERIODIC = 1 << 3;
  private static final int SET_VALUE = 1 << 6;
  private static final int MODE_32 = 1 << 8;
  private static final int FSB = 1 << 14;
  private static final int PIN_20 = 20 << 9;

  private final Rig rig = new Rig();
  private final Hpet hpet = DeviceRow.hpetOf(rig);

  HpetTest() {
    hpet.reset();
  }

  private long read(int offset) {
    return hpet.read(offset, 8);
  }

  private void write(int offset, long value) {
    hpet.write(offset, 8, value);
  }

  private static int configuration(int n) {
    return 0x100 + 0x20 * n;
  }

  private static int comparator(int n) {
    return 0x108 + 0x20 * n;
  }

  private void cycles(long n) {
    rig.advance(hpet, 10 * n);
  }

  private boolean pin20() {
    return rig.level("pin20");
  }

  // ---- registers

  @Test
  void capabilities() {
    assertThat(read(0)).isEqualTo(0x0098_9680_8086_A201L);
    assertThat(hpet.read(0, 4)).isEqualTo(0x8086_A201L);
    // femtoseconds in a cycle: 100 MHz, and below the limit of 100 ns
    assertThat(hpet.read(4, 4)).isEqualTo(10_000_000L).isLessThan(0x05F5_E100L);
    for (int n = 0; n < 3; n++) {
      assertThat(read(configuration(n))).isEqualTo(0x00FF_0000_0000_8030L);
      assertThat(read(comparator(n))).isEqualTo(-1);
      assertThat(read(comparator(n) + 8)).isZero();
    }
    assertThat(read(CONFIGURATION)).isZero();
    assertThat(read(STATUS)).isZero();
    assertThat(read(COUNTER)).isZero();
  }

  @Test
  void writableBits() {
    write(0, 0);
    write(CONFIGURATION, ~1L);
    assertThat(read(CONFIGURATION)).isEqualTo(LEGACY);
    write(STATUS, -1);
    assertThat(read(STATUS)).isZero();
    assertThat(hpet.read(0, 4)).isEqualTo(0x8086_A201L);
    write(configuration(2), -1L & ~(0x1FL << 9) | PIN_20);
    assertThat(read(configuration(2)))
        .isEqualTo(0x00FF_0000_0000_8030L | 0x4000 | MODE_32 | SET_VALUE | 0xE | PIN_20);
    for (int reserved : new int[] {0x08, 0x18, 0x28, 0xE8, 0xF8, 0x118, 0x160, 0x3F8}) {
      write(reserved, -1);
      assertThat(read(reserved)).isZero();
    }
  }

  @Test
  void aRouteThatThereIsNotReadsBackDifferently() {
    for (int pin = 0; pin < 32; pin++) {
      write(configuration(1), (long) pin << 9);
      long expected = pin >= 16 && pin <= 23 ? pin : 0;
      assertThat(read(configuration(1)) >>> 9 & 0x1F).isEqualTo(expected);
    }
  }

  @Test
  void halvesAndOtherSizes() {
    hpet.write(COUNTER, 4, 0x1234_5678L);
    hpet.write(COUNTER + 4, 4, 0x9ABC_DEF0L);
    assertThat(read(COUNTER)).isEqualTo(0x9ABC_DEF0_1234_5678L);
    assertThat(hpet.read(COUNTER + 4, 4)).isEqualTo(0x9ABC_DEF0L);
    assertThat(hpet.read(COUNTER + 2, 2)).isEqualTo(0x1234L);
    hpet.write(COUNTER, 1, 0);
    hpet.write(COUNTER, 2, 0);
    hpet.write(COUNTER + 2, 4, 0);
    hpet.write(COUNTER + 4, 8, 0);
    assertThat(read(COUNTER)).isEqualTo(0x9ABC_DEF0_1234_5678L);
    hpet.write(0x110, 4, 0x41);
    hpet.write(0x114, 4, 0xFEE0_0000L);
    assertThat(read(0x110)).isEqualTo(0xFEE0_0000_0000_0041L);
  }

  // ---- main counter

  @Test
  void theCounterRunsWhileEnabled() {
    rig.advance(hpet, 7);
    write(COUNTER, 1000);
    cycles(50);
    assertThat(read(COUNTER)).isEqualTo(1000);
    write(CONFIGURATION, ENABLE);
    assertThat(read(COUNTER)).isEqualTo(1000);
    cycles(50);
    assertThat(read(COUNTER)).isEqualTo(1050);
    write(COUNTER, 5);
    assertThat(read(COUNTER)).as("not while it runs").isEqualTo(1050);
    write(CONFIGURATION, 0);
    cycles(50);
    assertThat(read(COUNTER)).isEqualTo(1050);
    write(CONFIGURATION, ENABLE);
    cycles(1);
    assertThat(read(COUNTER)).isEqualTo(1051);
    write(CONFIGURATION, ENABLE | LEGACY);
    assertThat(read(COUNTER)).isEqualTo(1051);
  }

  @Test
  void theCounterWraps() {
    write(COUNTER, -2);
    write(CONFIGURATION, ENABLE);
    cycles(5);
    assertThat(read(COUNTER)).isEqualTo(3);
  }

  // ---- one-shot

  @Test
  void aLevelStaysUntilItsStatusIsCleared() {
    write(configuration(2), LEVEL | INTERRUPT | PIN_20);
    write(comparator(2), 100);
    write(CONFIGURATION, ENABLE);
    rig.advance(hpet, 999);
    assertThat(pin20()).isFalse();
    rig.advance(hpet, 1);
    assertThat(pin20()).isTrue();
    assertThat(read(STATUS)).isEqualTo(4);
    assertThat(read(comparator(2))).isEqualTo(100);
    cycles(1000);
    assertThat(pin20()).isTrue();
    write(STATUS, 3);
    assertThat(pin20()).isTrue();
    write(STATUS, 4);
    assertThat(pin20()).isFalse();
    assertThat(read(STATUS)).isZero();
    assertThat(rig.pending().pending()).isEmpty();
  }

  @Test
  void haltingTakesTheLineAndKeepsTheStatus() {
    write(configuration(2), LEVEL | INTERRUPT | PIN_20);
    write(comparator(2), 100);
    write(CONFIGURATION, ENABLE);
    cycles(100);
    write(CONFIGURATION, 0);
    assertThat(pin20()).isFalse();
    assertThat(read(STATUS)).isEqualTo(4);
    write(CONFIGURATION, ENABLE);
    assertThat(pin20()).isTrue();
    // disabled, a timer shows its status without interrupting
    write(configuration(2), LEVEL | PIN_20);
    assertThat(pin20()).isFalse();
    write(STATUS, 4);
    write(comparator(2), 200);
    cycles(100);
    assertThat(pin20()).isFalse();
    assertThat(read(STATUS)).isEqualTo(4);
    // edges have no status
    write(configuration(2), INTERRUPT | PIN_20);
    assertThat(read(STATUS)).isZero();
    assertThat(pin20()).isFalse();
  }

  @Test
  void twoTimersOnOnePin() {
    for (int n = 0; n < 2; n++) {
      write(configuration(n), LEVEL | INTERRUPT | PIN_20);
      write(comparator(n), 100);
    }
    write(CONFIGURATION, ENABLE);
    cycles(100);
    write(STATUS, 1);
    assertThat(pin20()).isTrue();
    write(STATUS, 2);
    assertThat(pin20()).isFalse();
  }

  @Test
  void aComparatorThatWasPassedDoesNotMatch() {
    write(configuration(2), LEVEL | INTERRUPT | PIN_20);
    write(CONFIGURATION, ENABLE);
    cycles(100);
    for (long passed : new long[] {99, 100}) {
      write(comparator(2), passed);
      assertThat(rig.pending().pending()).as("comes in thousands of years").isEmpty();
    }
    write(comparator(2), 101);
    assertThat(rig.pending().pending()).containsExactly(new Deadlines.Deadline(0, 2, 1010));
  }

  @Test
  void thirtyTwoBitsComeRoundAgain() {
    write(COUNTER, 0x7_FFFF_FFF0L);
    write(comparator(2), 0xABCD_0000_0010L);
    write(configuration(2), LEVEL | INTERRUPT | MODE_32 | PIN_20);
    assertThat(read(comparator(2))).isEqualTo(0x10);
    write(CONFIGURATION, ENABLE);
    cycles(0x1F);
    assertThat(pin20()).isFalse();
    cycles(1);
    assertThat(pin20()).isTrue();
    assertThat(read(COUNTER)).isEqualTo(0x8_0000_0010L);
    write(STATUS, 4);
    cycles(0xFFFF_FFFFL);
    assertThat(pin20()).isFalse();
    cycles(1);
    assertThat(pin20()).isTrue();
  }

  // ---- periodic

  @Test
  void periodicWithOneWrite() {
    write(configuration(0), LEVEL | INTERRUPT | PERIODIC | SET_VALUE | PIN_20);
    write(comparator(0), 0x123);
    assertThat(read(configuration(0)) & SET_VALUE).as("clears itself").isZero();
    write(CONFIGURATION, ENABLE);
    for (int i = 1; i <= 5; i++) {
      cycles(0x122);
      assertThat(pin20()).isFalse();
      cycles(1);
      assertThat(pin20()).isTrue();
      assertThat(read(COUNTER)).isEqualTo(0x123L * i);
      assertThat(read(comparator(0))).isEqualTo(0x123L * (i + 1));
      write(STATUS, 1);
    }
  }

  /** How Linux does it: the first match, then the period, in two writes. */
  @Test
  void periodicWithTwoWrites() {
    write(configuration(0), LEVEL | INTERRUPT | PERIODIC | SET_VALUE | MODE_32 | PIN_20);
    hpet.write(comparator(0), 4, 1000);
    hpet.write(comparator(0), 4, 50);
    assertThat(read(comparator(0))).isEqualTo(1000);
    write(CONFIGURATION, ENABLE);
    cycles(1000);
    assertThat(read(STATUS)).isEqualTo(1);
    write(STATUS, 1);
    assertThat(read(comparator(0))).isEqualTo(1050);
    cycles(49);
    assertThat(read(STATUS)).isZero();
    cycles(1);
    assertThat(read(STATUS)).isEqualTo(1);
    // another period is for the matches after the next
    hpet.write(comparator(0), 4, 7);
    assertThat(read(comparator(0))).isEqualTo(1100);
    cycles(50);
    assertThat(read(comparator(0))).isEqualTo(1107);
  }

  @Test
  void bothHalvesOfA64BitPeriod() {
    write(configuration(0), PERIODIC | SET_VALUE);
    hpet.write(comparator(0), 4, 0);
    write(configuration(0), PERIODIC | SET_VALUE);
    hpet.write(comparator(0) + 4, 4, 1);
    assertThat(read(comparator(0))).isEqualTo(1L << 32);
    write(CONFIGURATION, ENABLE);
    cycles(1L << 32);
    assertThat(read(comparator(0))).isEqualTo(2L << 32);
  }

  @Test
  void aPeriodicTimerOf32BitsWraps() {
    write(COUNTER, 0xFFFF_FFF0L);
    write(configuration(0), PERIODIC | SET_VALUE | MODE_32 | LEVEL);
    write(comparator(0), 0xFFFF_FFF8L);
    write(comparator(0), 0x10);
    write(CONFIGURATION, ENABLE);
    cycles(8);
    assertThat(read(comparator(0))).isEqualTo(8);
    write(STATUS, 1);
    cycles(15);
    assertThat(read(STATUS)).isZero();
    cycles(1);
    assertThat(read(STATUS)).isEqualTo(1);
    assertThat(read(comparator(0))).isEqualTo(0x18);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1})
  void extremePeriods(long period) {
    write(configuration(0), PERIODIC | SET_VALUE | INTERRUPT | PIN_20);
    write(comparator(0), 5);
    write(comparator(0), period);
    write(CONFIGURATION, ENABLE);
    cycles(100);
    assertThat(read(comparator(0))).isEqualTo(period == 0 ? 5 : period == 1 ? 101 : 4);
  }

  /** With several CPUs a deadline may come late; the phase is kept. */
  @Test
  void aLateDeadlineKeepsThePhase() {
    write(configuration(0), PERIODIC | SET_VALUE | LEVEL);
    write(comparator(0), 100);
    write(CONFIGURATION, ENABLE);
    List<Deadlines.Deadline> due = rig.pending().pending();
    rig.load(1500, new Deadlines.State(List.of()));
    hpet.deadline(due.getFirst().kind(), due.getFirst().tick());
    assertThat(rig.pending().pending()).containsExactly(new Deadlines.Deadline(0, 0, 2000));
    rig.load(3700, new Deadlines.State(List.of()));
    hpet.deadline(0, 2000);
    assertThat(rig.pending().pending()).containsExactly(new Deadlines.Deadline(0, 0, 3000));
    assertThat(read(comparator(0))).isEqualTo(300);
  }

  // ---- edges, legacy replacement, messages

  @Test
  void anEdgeIsAPulse() {
    Pulses pulses = new Pulses();
    pulses.hpet.write(configuration(1), 8, INTERRUPT | PERIODIC | SET_VALUE | PIN_20);
    pulses.hpet.write(comparator(1), 8, 10);
    pulses.hpet.write(CONFIGURATION, 8, ENABLE);
    rig.advance(pulses.hpet, 1000);
    assertThat(pulses.rises[20]).isEqualTo(10);
    assertThat(pulses.high[20]).isFalse();
    assertThat(pulses.hpet.read(STATUS, 8)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 8"})
  void legacyReplacement(int timer, int irq) {
    Pulses pulses = new Pulses();
    Hpet h = pulses.hpet;
    h.pit().set(true);
    h.rtc().set(true);
    assertThat(pulses.rises[irq]).isEqualTo(1);
    h.write(configuration(timer), 8, INTERRUPT | PERIODIC | SET_VALUE | PIN_20);
    h.write(comparator(timer), 8, 10);
    h.write(CONFIGURATION, 8, LEGACY);
    assertThat(h.legacyReplacement()).as("not while it is halted").isFalse();
    assertThat(pulses.high[irq]).isTrue();
    h.write(CONFIGURATION, 8, ENABLE | LEGACY);
    assertThat(h.legacyReplacement()).isTrue();
    assertThat(pulses.high[irq]).isFalse();
    // the chips of old are cut off
    h.pit().set(false);
    h.rtc().set(false);
    h.pit().set(true);
    h.rtc().set(true);
    assertThat(pulses.rises[irq]).isEqualTo(1);
    rig.advance(h, 1000);
    assertThat(pulses.rises[irq]).isEqualTo(11);
    assertThat(pulses.high[irq]).as("rests high").isTrue();
    assertThat(pulses.rises[20]).as("the route has no effect").isZero();
    h.write(configuration(timer), 8, PERIODIC);
    assertThat(pulses.high[irq]).isFalse();
    h.pit().set(false);
    h.rtc().set(false);
    h.write(CONFIGURATION, 8, ENABLE);
    assertThat(pulses.high[irq]).isFalse();
    h.pit().set(true);
    h.rtc().set(true);
    assertThat(pulses.rises[irq]).isEqualTo(12);
  }

  @Test
  void levelsInLegacyReplacement() {
    write(configuration(0), LEVEL | INTERRUPT | PIN_20);
    write(configuration(2), LEVEL | INTERRUPT | PIN_20);
    write(comparator(0), 10);
    write(comparator(2), 20);
    write(CONFIGURATION, ENABLE | LEGACY);
    cycles(10);
    assertThat(rig.level("irq0")).isTrue();
    assertThat(pin20()).isFalse();
    cycles(10);
    assertThat(pin20()).as("timer 2 keeps its route").isTrue();
    write(STATUS, 1);
    assertThat(rig.level("irq0")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {ENABLE, ENABLE | LEGACY})
  void messagesComeBeforeLines(int configuration) {
    write(configuration(0), FSB | INTERRUPT | PERIODIC | SET_VALUE | PIN_20);
    write(comparator(0) + 8, 0xFEE0_3000_0000_4041L);
    write(comparator(0), 10);
    write(CONFIGURATION, configuration);
    cycles(25);
    assertThat(rig.takeEvents()).containsExactly("4041 to fee03000", "4041 to fee03000");
    assertThat(rig.level("irq0")).isFalse();
    assertThat(pin20()).isFalse();
    write(configuration(0), FSB | PERIODIC | PIN_20);
    cycles(25);
    assertThat(rig.takeEvents()).isEmpty();
  }

  @Test
  void resetStopsEverything() {
    write(configuration(0), LEVEL | INTERRUPT | PIN_20);
    write(comparator(0), 10);
    write(CONFIGURATION, ENABLE);
    cycles(10);
    hpet.reset();
    assertThat(pin20()).isFalse();
    capabilities();
  }

  /** An HPET whose lines count how often they rise; 0 and 8 are the IRQs. */
  private final class Pulses {
    final int[] rises = new int[24];
    final boolean[] high = new boolean[24];
    final Hpet hpet =
        new Hpet(
            "hpet",
            rig,
            rig.deadlines(),
            new HpetOutputs(
                v -> line(0, v), v -> line(8, v), n -> v -> line(n, v), (address, data) -> {}));

    private void line(int n, boolean level) {
      if (level && !high[n]) {
        rises[n]++;
      }
      high[n] = level;
    }
  }
}
