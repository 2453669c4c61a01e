package dev.hindsight.timeline;

import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineState;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.OutputListener;
import dev.hindsight.board.StateDigest;
import dev.hindsight.bus.state.StateHash;
import java.nio.charset.StandardCharsets;

/**
 * Replays a recording under settings that must not matter: TLBs of another size, a run cut into
 * pieces of random length, and at random instants the whole state saved and loaded, into the same
 * machine or into a fresh one that takes its place.
 *
 * <p>What is random here comes from the seed of the settings, so every run can be repeated.
 */
public final class ScheduleTorture {
  private static final int KINDS_OF_RESTORE = 3;
  private static final int BYTE_BITS = 8;

  private final Recording recording;
  private final MachineFactory factory;
  private final long last;
  private final boolean endsByItself;

  /** Tortures machines of a factory with the inputs of a sealed recording. */
  public ScheduleTorture(Recording recording, MachineFactory factory) {
    this.recording = recording;
    this.factory = factory;
    Seal seal =
        recording
            .seal()
            .orElseThrow(() -> new IllegalArgumentException("The recording has no end."));
    last = seal.digest().tick();
    endsByItself = seal.outcome().isFinal();
  }

  /**
   * Settings of one run.
   *
   * @param seed what is random comes from it
   * @param tlbCapacity entries of a TLB, at least 1
   * @param longestSlice the longest piece of the run in ticks, at least 1
   * @param restoreOneIn the state is saved and loaded after one in so many pieces; 0 is never
   */
  public record Settings(long seed, int tlbCapacity, long longestSlice, int restoreOneIn) {
    /** Settings at random. */
    public static Settings random(long seed) {
      Dice dice = new Dice(seed);
      int[] capacities = {1, 2, 16, 64, Integer.MAX_VALUE};
      return new Settings(
          seed,
          capacities[dice.below(capacities.length)],
          10_000L << dice.below(8),
          1 + dice.below(20));
    }
  }

  /**
   * How a run ended.
   *
   * @param outcome why
   * @param digest the last state
   * @param output hash of the bytes that the machine sent, and of when it sent them
   * @param slices pieces in which it was run
   * @param restores how often the state was saved and loaded
   */
  public record Result(
      Outcome outcome, StateDigest digest, long output, int slices, int restores) {}

  /** Runs to the end of the recording. */
  public Result run(Settings settings) {
    Dice dice = new Dice(settings.seed);
    ReplayWorld world = new ReplayWorld(recording);
    StateHash sent = new StateHash();
    OutputListener outputs =
        (device, value, tick) ->
            sent.add(device.getBytes(StandardCharsets.UTF_8)).add(tick << BYTE_BITS | value);
    long until = endsByItself ? last + 1 : last;
    int slices = 0;
    int restores = 0;
    Machine machine = factory.create(world, outputs, settings.tlbCapacity);
    try {
      Outcome outcome = Outcome.LIMIT;
      while (outcome == Outcome.LIMIT && !(machine.isAtBoundary() && machine.now() >= until)) {
        outcome = world.slice(machine, until, machine.steps() + dice.length(settings.longestSlice));
        slices++;
        if (settings.restoreOneIn > 0 && dice.below(settings.restoreOneIn) == 0) {
          machine = restore(machine, world, outputs, settings, dice.below(KINDS_OF_RESTORE));
          restores++;
        }
      }
      return new Result(outcome, machine.digest(), sent.value(), slices, restores);
    } finally {
      machine.close();
    }
  }

  /** Saves the machine, loads it, and returns the machine that goes on. */
  private Machine restore(
      Machine machine, ReplayWorld world, OutputListener outputs, Settings settings, int kind) {
    try (MachineState state = machine.save()) {
      if (kind == 0) {
        machine.load(state);
        return machine;
      }
      Machine next;
      if (kind == 1) {
        next = machine.fork(state, world, outputs, settings.tlbCapacity);
      } else {
        next = factory.create(world, outputs, settings.tlbCapacity);
        next.load(state);
      }
      machine.close();
      return next;
    }
  }
}
