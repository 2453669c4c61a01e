package dev.hindsight.bench.guest;

/**
 * What is known of one piece of work that was done once.
 *
 * @param millis how long it took by the host's clock
 * @param report what the program said at its end, after its name
 */
record Timing(double millis, String report) {
  private static final double NANOSECONDS_PER_TICK = 1e7;

  /**
   * The same by the program's clock, which natively is the host's: without the time that a line
   * takes to be read.
   */
  Timing byOwnClock() {
    return new Timing(Long.parseLong(report.split(" ")[1]) / 1e6, report);
  }

  /** The checksum of all results; the first word of the report. */
  String checksum() {
    return report.split(" ")[0];
  }

  /**
   * Which part of the guest's time was idle, from 0 to 1. The guest counts hundredths of a second,
   * and one more or less says nothing.
   */
  double idle() {
    String[] words = report.split(" ");
    double ticks = Math.max(0, Long.parseLong(words[2]) - 1);
    return ticks * NANOSECONDS_PER_TICK / Math.max(1, Long.parseLong(words[1]));
  }
}
