package dev.hindsight.device.acpi;

/** The power-management timer as a function of the tick (ACPI 4.8.3.3): 32 bits at 3.579545 MHz. */
final class PowerManagementTimer {
  private static final long HZ = 3_579_545;

  private final long ticksPerSecond;

  PowerManagementTimer(long ticksPerSecond) {
    this.ticksPerSecond = ticksPerSecond;
  }

  /** The count at a tick; the register shows its low 32 bits. */
  long at(long tick) {
    return tick / ticksPerSecond * HZ + tick % ticksPerSecond * HZ / ticksPerSecond;
  }

  /** How often bit 31 has changed by a tick. */
  long carries(long tick) {
    return at(tick) >> 31;
  }

  /** The first tick after this one at which bit 31 changes. */
  long nextCarry(long tick) {
    long count = carries(tick) + 1 << 31;
    return count / HZ * ticksPerSecond + (count % HZ * ticksPerSecond + HZ - 1) / HZ;
  }
}
