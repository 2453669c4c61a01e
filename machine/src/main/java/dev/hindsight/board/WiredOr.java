package dev.hindsight.board;

import dev.hindsight.bus.InterruptLine;

/**
 * A line that several chips drive: it is asserted while any of them asserts it. It has no state of
 * its own that would have to be saved, since each chip drives its line anew when it is loaded.
 */
final class WiredOr {
  private final InterruptLine output;
  private final boolean activeLow;
  private int sources;
  private long asserted;

  /**
   * A line.
   *
   * @param activeLow whether the wire is low while it is asserted, as those of PCI interrupts are
   */
  WiredOr(InterruptLine output, boolean activeLow) {
    this.output = output;
    this.activeLow = activeLow;
    if (activeLow) {
      output.set(true);
    }
  }

  /** One more source; high is asserted. */
  InterruptLine source() {
    if (sources == Long.SIZE) {
      throw new IllegalStateException("too many chips at one line");
    }
    long bit = 1L << sources++;
    return level -> {
      asserted = level ? asserted | bit : asserted & ~bit;
      output.set((asserted != 0) != activeLow);
    };
  }
}
