package dev.hindsight.device.hpet;

import dev.hindsight.bus.Deadlines;

/** Conversion between ticks and cycles of the 100 MHz clock. */
final class HpetClock {
  private static final long HZ = 100_000_000;

  /** Femtoseconds in a cycle, as the capabilities say it. */
  static final long PERIOD = 1_000_000_000_000_000L / HZ;

  private final long ticksPerSecond;

  HpetClock(long ticksPerSecond) {
    this.ticksPerSecond = ticksPerSecond;
  }

  /** Cycles completed at a tick. Seconds are taken apart so that nothing overflows. */
  long at(long tick) {
    return tick / ticksPerSecond * HZ + tick % ticksPerSecond * HZ / ticksPerSecond;
  }

  /**
   * The first tick at which so many cycles are completed, or {@link Deadlines#NEVER} if ticks do
   * not go so far; a negative number is one that has overflowed.
   */
  long tickOf(long cycles) {
    long seconds = cycles / HZ;
    if (cycles < 0 || seconds >= Deadlines.NEVER / ticksPerSecond - 1) {
      return Deadlines.NEVER;
    }
    return seconds * ticksPerSecond + (cycles % HZ * ticksPerSecond + HZ - 1) / HZ;
  }
}
