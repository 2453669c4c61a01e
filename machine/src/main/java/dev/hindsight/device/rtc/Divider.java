package dev.hindsight.device.rtc;

/** Conversion between ticks and cycles of the 32.768 kHz crystal. */
final class Divider {
  /** Cycles in a second. */
  static final long HZ = 32_768;

  private final long ticksPerSecond;

  Divider(long ticksPerSecond) {
    this.ticksPerSecond = ticksPerSecond;
  }

  /** Cycles completed in so many ticks, which may be negative. */
  long cycles(long ticks) {
    return Math.floorDiv(ticks, ticksPerSecond) * HZ
        + Math.floorMod(ticks, ticksPerSecond) * HZ / ticksPerSecond;
  }

  /** The least number of ticks in which so many cycles are completed. */
  long ticks(long cycles) {
    long rest = Math.floorMod(cycles, HZ) * ticksPerSecond;
    return Math.floorDiv(cycles, HZ) * ticksPerSecond + (rest + HZ - 1) / HZ;
  }

  /** Cycles between two periodic interrupts for the rate bits 1 to 15. */
  static long period(int rate) {
    // the first two are the rates that are left over with this crystal
    return 1L << (rate < 3 ? rate + 6 : rate - 1);
  }
}
