package dev.hindsight.translator;

import dev.hindsight.cpu.EngineCounts;
import dev.hindsight.x86.Mnemonic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a translator has done: how much it translated, and why it left emitted code. */
public final class Counters {
  private static final Mnemonic[] MNEMONICS = Mnemonic.values();

  /** How many mnemonics a report has. */
  private static final int MOST_NAMES = 20;

  private final long[] exits = new long[ExitKind.values().length];
  private long blocks;
  private long instructions;
  private long interpreted;
  private long executed;
  private long translated;
  private final long[] times = new long[MNEMONICS.length + 1];
  private final long[] steps = new long[MNEMONICS.length + 1];
  private int flushes;

  Counters() {}

  void blockTranslated(int steps) {
    blocks++;
    instructions += steps;
  }

  void left(ExitKind kind) {
    exits[kind.ordinal()]++;
  }

  /**
   * The interpreter executed an instruction of a block.
   *
   * @param mnemonic null if it cannot be decoded within its page
   * @param count its steps
   */
  void interpreted(@Nullable Mnemonic mnemonic, long count) {
    interpreted += count;
    int n = mnemonic == null ? MNEMONICS.length : mnemonic.ordinal();
    times[n]++;
    steps[n] += count;
  }

  /** So many steps were executed in all, by whomever. */
  void executed(long count) {
    executed += count;
  }

  /** So many steps were executed by emitted code. */
  void translated(long count) {
    translated += count;
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

  /** All of it: steps, exits by kind, and what the interpreter had to do most. */
  EngineCounts report() {
    List<EngineCounts.Count> translation =
        List.of(
            new EngineCounts.Count("blocks", blocks),
            new EngineCounts.Count("instructions", instructions),
            new EngineCounts.Count("flushes", flushes));
    // what is not an instruction that a block left to the interpreter: modes that are not
    // translated, ends of budgets, deliveries of interrupts
    List<EngineCounts.Count> fallback =
        List.of(
            new EngineCounts.Count("instructionsOfBlocks", interpreted),
            new EngineCounts.Count("others", executed - translated - interpreted));
    List<EngineCounts.Count> kinds = new ArrayList<>();
    for (ExitKind kind : ExitKind.values()) {
      kinds.add(new EngineCounts.Count(kind.name(), exits[kind.ordinal()]));
    }
    return new EngineCounts(
        executed,
        executed - translated,
        List.of(
            new EngineCounts.Group("translated", translation),
            new EngineCounts.Group("exits", kinds),
            new EngineCounts.Group("fallback", fallback),
            new EngineCounts.Group("interpretedTimes", most(times)),
            new EngineCounts.Group("interpretedSteps", most(steps))));
  }

  private static List<EngineCounts.Count> most(long[] counts) {
    List<EngineCounts.Count> all = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] != 0) {
        String name = i == MNEMONICS.length ? "UNDECODED" : MNEMONICS[i].name();
        all.add(new EngineCounts.Count(name, counts[i]));
      }
    }
    all.sort(Comparator.comparingLong(EngineCounts.Count::times).reversed());
    return all.subList(0, Math.min(MOST_NAMES, all.size()));
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
