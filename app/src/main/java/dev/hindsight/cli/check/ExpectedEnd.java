package dev.hindsight.cli.check;

/** Says how far something has come, and how long the rest will take at the same pace. */
final class ExpectedEnd {
  private static final double NANOSECONDS = 1e9;

  private final long all;
  private final long start = System.nanoTime();

  /**
   * Something that begins now.
   *
   * @param all how much there is to do, or 0 if nobody knows
   */
  ExpectedEnd(long all) {
    this.all = all;
  }

  /** A sentence for people, when so much is done. */
  String after(long done) {
    if (all == 0) {
      return "Checking: %d million steps".formatted(done / 1_000_000);
    }
    double part = Math.min(1.0, (double) done / all);
    double seconds = (System.nanoTime() - start) / NANOSECONDS;
    return "Checking: %.0f %%, %.0f s to go".formatted(100 * part, seconds * (1 - part) / part);
  }
}
