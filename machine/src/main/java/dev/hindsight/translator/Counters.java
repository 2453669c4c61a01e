package dev.hindsight.translator;

/** What a translator has done: how much it translated, and why it left emitted code. */
public final class Counters {
  private final long[] exits = new long[ExitKind.values().length];
  private long blocks;
  private long instructions;
  private long interpreted;
  private int flushes;

  Counters() {}

  void blockTranslated(int steps) {
    blocks++;
    instructions += steps;
  }

  void left(ExitKind kind) {
    exits[kind.ordinal()]++;
  }

  void interpreted(long steps) {
    interpreted += steps;
  }

  void flushed() {
    flushes++;
  }

  int flushes() {
    return flushes;
  }

  /** Steps that the interpreter executed one at a time for translated code. */
  public long interpretedSteps() {
    return interpreted;
  }

  /** All in a line. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%,d blocks of %,d instructions translated, %d flushes; %,d steps interpreted; exits:",
            blocks, instructions, flushes, interpreted));
    for (ExitKind kind : ExitKind.values()) {
      text.append(String.format(" %s %,d", kind, exits[kind.ordinal()]));
    }
    return text.toString();
  }
}
