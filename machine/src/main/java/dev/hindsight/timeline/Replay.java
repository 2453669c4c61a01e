package dev.hindsight.timeline;

import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineDescription;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.StateDigest;
import java.util.List;

/**
 * Runs a machine from a recording and compares its state with every hash that was recorded. The
 * first difference ends it with a {@link ReplayDifference}.
 */
public final class Replay {
  private final Machine machine;
  private final Recording recording;
  private int nextHash;
  private long agreed;
  private boolean ended;

  /**
   * A replay at its beginning.
   *
   * @param machine a machine at power-on, built after the recording's description
   */
  public Replay(Machine machine, Recording recording) {
    this.machine = machine;
    this.recording = recording;
    MachineDescription recorded = recording.description();
    if (recorded.behaviourVersion() != MachineDescription.BEHAVIOUR_VERSION) {
      throw new ReplayDifference(
          "The recording was made by a release with behaviour version %d; this one has version %d."
              .formatted(recorded.behaviourVersion(), MachineDescription.BEHAVIOUR_VERSION),
          0,
          List.of());
    }
    if (!machine.description().equals(recorded)) {
      throw new IllegalArgumentException("The machine is not the one that was recorded.");
    }
    machine.connect(new ReplayWorld(recording));
  }

  /** The last tick at which the states were compared, and were equal. */
  public long agreed() {
    return agreed;
  }

  /** Whether the end of the recording is reached. */
  public boolean isAtEnd() {
    return ended;
  }

  /**
   * Replays up to a tick, or to the end of the recording.
   *
   * @return why it returned: {@link Outcome#LIMIT}, or at the end how the recorded run ended
   * @throws ReplayDifference if the replay is not what was recorded
   */
  public Outcome run(long until) {
    while (nextHash < recording.hashes().size()
        && recording.hashes().get(nextHash).tick() <= until) {
      StateDigest expected = recording.hashes().get(nextHash);
      machine.run(expected.tick());
      compare(expected);
      nextHash++;
    }
    if (recording.seal().isEmpty()) {
      Outcome outcome = machine.run(Math.min(until, recording.lastTick()));
      ended = machine.now() >= recording.lastTick();
      return outcome;
    }
    Seal seal = recording.seal().get();
    if (until < seal.digest().tick()) {
      return machine.run(until);
    }
    return end(seal);
  }

  /** Replays to the end of the recording. */
  public Outcome run() {
    return run(recording.lastTick());
  }

  private Outcome end(Seal seal) {
    if (ended) {
      return seal.outcome();
    }
    long last = seal.digest().tick();
    Outcome outcome = machine.run(seal.outcome().isFinal() ? last + 1 : last);
    if (outcome != seal.outcome()) {
      throw new ReplayDifference(
          "The recorded run ended at tick %d with %s, the replay at tick %d with %s."
              .formatted(last, seal.outcome(), machine.now(), outcome),
          machine.now(),
          List.of());
    }
    compare(seal.digest());
    if (machine.steps() != seal.steps()) {
      throw new ReplayDifference(
          "The recorded run executed %d steps, the replay %d."
              .formatted(seal.steps(), machine.steps()),
          last,
          List.of());
    }
    ended = true;
    return outcome;
  }

  private void compare(StateDigest expected) {
    StateDigest actual = machine.digest();
    if (actual.equals(expected)) {
      agreed = actual.tick();
      return;
    }
    if (actual.tick() != expected.tick()) {
      throw new ReplayDifference(
          "The recorded run stopped for a hash at tick %d, the replay at tick %d; they agreed at tick %d."
              .formatted(expected.tick(), actual.tick(), agreed),
          actual.tick(),
          List.of());
    }
    throw new ReplayDifference(
        "At tick %d the replay differs from the recording in %s; they agreed at tick %d."
            .formatted(actual.tick(), String.join(", ", actual.differingParts(expected)), agreed),
        actual.tick(),
        actual.differingParts(expected));
  }
}
