package dev.hindsight.board;

import java.util.List;

/**
 * What must hold for any traffic to the chips of a machine with two CPUs: nothing throws, no tick
 * has more than a few deadlines, peeking shows what reading gives, and chips into which the state
 * of others is loaded in mid-operation behave as these from then on. Jazzer can be pointed at
 * {@link #fuzzerTestOneInput}; the ordinary tests feed it random bytes.
 */
public final class DeviceFuzz {
  private static final int CPUS = 2;
  private static final Bench BENCH = new Bench();

  private DeviceFuzz() {}

  /**
   * Turns the input into traffic. The first byte says after how much of it the state is loaded into
   * other chips, which have had traffic of their own.
   *
   * @throws IllegalStateException if something that must hold does not
   */
  public static void fuzzerTestOneInput(byte[] input) {
    outcome(input);
  }

  /**
   * What an input has come to, for a test that wants to know whether inputs come to anything.
   *
   * @param deadlines deadlines that came
   * @param served whether a virtio device gave a buffer back
   * @param acknowledged interrupts that a CPU took
   * @param signals what else the chips asked of the outside
   */
  record Outcome(int deadlines, boolean served, int acknowledged, int signals) {}

  /** {@link #fuzzerTestOneInput}, with what came of it. */
  static Outcome outcome(byte[] input) {
    return BENCH.run(input);
  }

  /** Building chips takes much longer than an input, so they become new by loading. */
  private static final class Bench {
    private final LooseChips fresh = new LooseChips(new PcChipset(), CPUS);
    private final LooseChips chips = new LooseChips(new PcChipset(), CPUS);
    private final LooseChips twins = new LooseChips(new PcChipset(), CPUS);

    Outcome run(byte[] input) {
      chips.become(fresh);
      twins.become(fresh);
      int split = input.length == 0 ? 0 : (input[0] & 0xFF) * input.length >>> 8;
      Traffic first = new Traffic(chips, input, 1);
      first.runTo(split);
      new Traffic(twins, input, split / 2).runTo(input.length);
      twins.become(chips);
      same(chips.states(), twins.states(), "the state that was loaded");
      Traffic rest = new Traffic(chips, input, first.position());
      Traffic same = new Traffic(twins, input, first.position());
      rest.runTo(input.length);
      same.runTo(input.length);
      same(rest.seen(), same.seen(), "what loaded chips do");
      same(chips.states(), twins.states(), "what loaded chips become");
      same(chips.contents(), twins.contents(), "what loaded chips write");
      return new Outcome(
          first.deadlines() + rest.deadlines(),
          Traffic.served(chips),
          first.acknowledged() + rest.acknowledged(),
          first.signals() + rest.signals());
    }
  }

  private static void same(List<?> expected, List<?> actual, String what) {
    for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
      if (!expected.get(i).equals(actual.get(i))) {
        throw new IllegalStateException(
            "%s: %s instead of %s".formatted(what, actual.get(i), expected.get(i)));
      }
    }
    check(expected.size() == actual.size(), what);
  }

  static void check(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("not so: " + what);
    }
  }
}
