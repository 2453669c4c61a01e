package dev.hindsight.board;

import dev.hindsight.bus.InterruptLine;

/**
 * A line that several chips drive: it is high while any of them drives it high. It has no state of
 * its own that would have to be saved, since each chip drives its line anew when it is loaded.
 */
final class WiredOr {
  private final InterruptLine output;
  private int sources;
  private long high;

  WiredOr(InterruptLine output) {
    this.output = output;
  }

  /** One more source. */
  InterruptLine source() {
    if (sources == Long.SIZE) {
      throw new IllegalStateException("too many chips at one line");
    }
    long bit = 1L << sources++;
    return level -> {
      high = level ? high | bit : high & ~bit;
      output.set(high != 0);
    };
  }
}
