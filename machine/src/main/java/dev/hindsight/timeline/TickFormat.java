package dev.hindsight.timeline;

import dev.hindsight.bus.state.StateFormatException;

/**
 * Ticks of a log's entries as small numbers. Most are the difference to the entry before. Hashes
 * come in regular intervals, so theirs is the difference to when it was due: the first multiple of
 * the interval after the hash before.
 */
final class TickFormat {
  /** The last tick that can be written down: 36 years at a milliard a second. */
  static final long LAST = 1L << 60;

  private final long interval;
  private long latest;
  private long latestHash;

  /**
   * At the beginning of a log.
   *
   * @param interval ticks between two hashes, 1 to {@link #LAST}
   */
  TickFormat(long interval) {
    this.interval = interval;
  }

  /** The tick at which a hash is due after one at another tick. */
  static long due(long previous, long interval) {
    return (previous / interval + 1) * interval;
  }

  void write(long tick, CompactWriter out) {
    out.putNumber(tick - latest);
    latest = tick;
  }

  long read(CompactReader in) {
    latest = later(latest, in.getNumber());
    return latest;
  }

  void writeHash(long tick, CompactWriter out) {
    out.putNumber(tick - due(latestHash, interval));
    latest = tick;
    latestHash = tick;
  }

  long readHash(CompactReader in) {
    long tick = later(due(latestHash, interval), in.getNumber());
    if (tick < latest) {
      throw new StateFormatException("Entries are not in the order of time.");
    }
    latest = tick;
    latestHash = tick;
    return tick;
  }

  private static long later(long tick, long by) {
    if (by > LAST - tick) {
      throw new StateFormatException("A tick is too large.");
    }
    return tick + by;
  }
}
