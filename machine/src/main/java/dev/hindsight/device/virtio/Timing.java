package dev.hindsight.device.virtio;

import dev.hindsight.bus.VirtualClock;

/**
 * How long a device takes.
 *
 * @param latency nanoseconds from a notification until the device looks at the queue
 * @param perPage nanoseconds for which 4 KiB that it moved keep the queue busy
 */
record Timing(long latency, long perPage) {
  private static final long NANOSECONDS = 1_000_000_000;
  private static final long PAGE = 4096;

  long latencyTicks(VirtualClock clock) {
    return Math.max(1, ticks(latency, clock));
  }

  /** At most some megabytes are moved at once, so this cannot overflow. */
  long busyTicks(long bytes, VirtualClock clock) {
    return ticks((bytes + PAGE - 1) / PAGE * perPage, clock);
  }

  private static long ticks(long nanoseconds, VirtualClock clock) {
    return nanoseconds * clock.ticksPerSecond() / NANOSECONDS;
  }
}
