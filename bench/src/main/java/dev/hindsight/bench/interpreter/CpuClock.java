package dev.hindsight.bench.interpreter;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** Time that the current thread has spent on a processor, and how busy the machine is. */
final class CpuClock {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private CpuClock() {}

  /**
   * Nanoseconds of processor time of this thread. On a shared machine they say more than a clock.
   */
  static long nanos() {
    return THREADS.getCurrentThreadCpuTime();
  }

  /** A line about the machine: its processors, and how many threads wait for them. */
  static String machine() {
    return "%d processors, load average %.1f, Java %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
            Runtime.version());
  }
}
