package dev.hindsight.device.pit;

/** Conversion between ticks and cycles of the 1.193182 MHz clock. */
final class PitClock {
  private static final long HZ = 1_193_182;

  private final long ticksPerSecond;

  PitClock(long ticksPerSecond) {
    this.ticksPerSecond = ticksPerSecond;
  }

  /** Cycles completed at a tick. Seconds are taken apart so that nothing overflows. */
  long at(long tick) {
    return tick / ticksPerSecond * HZ + tick % ticksPerSecond * HZ / ticksPerSecond;
  }

  /** The first tick at which so many cycles are completed. */
  long tickOf(long cycles) {
    long rest = cycles % HZ * ticksPerSecond;
    return cycles / HZ * ticksPerSecond + (rest + HZ - 1) / HZ;
  }
}
