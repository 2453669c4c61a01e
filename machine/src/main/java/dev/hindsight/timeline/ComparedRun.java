package dev.hindsight.timeline;

import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.StateDigest;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.World;
import dev.hindsight.storage.AbsentBlockException;
import dev.hindsight.storage.StorageException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One of two runs that {@link FirstDifference} compares: a machine with the inputs of a recording.
 *
 * <p>Unlike a {@link Replay} it goes on where it is not what was recorded, since that may be just
 * what is looked for; it takes a note of it. A changed disk image ends it nevertheless.
 */
public final class ComparedRun implements AutoCloseable {
  private final Machine machine;
  private final Recording recording;
  private final ReplayWorld world;
  private final long end;
  private Outcome outcome = Outcome.LIMIT;
  private @Nullable String obstacle;
  private @Nullable String disagreement;
  private long agreed;

  /**
   * A run at power-on.
   *
   * @param machine a machine at power-on, built after the recording's description; it belongs to
   *     the run from now on
   * @throws RecordingException if the machine is not the recorded one
   * @throws ReplayDifference if this release does not behave as the one that recorded
   */
  public ComparedRun(Machine machine, Recording recording) throws RecordingException {
    Replay.check(machine, recording);
    this.machine = machine;
    this.recording = recording;
    world = new ReplayWorld(recording);
    // a run that is switched off at a tick takes the inputs of that tick
    boolean takesLast =
        recording
            .seal()
            .map(s -> s.outcome().isFinal() && s.outcome() != Outcome.IDLE)
            .orElse(false);
    end = takesLast ? recording.lastTick() + 1 : recording.lastTick();
    machine.connect(world);
    machine.witness(this::checkBlock);
  }

  private void checkBlock(int disk, long block, long digest) {
    OptionalLong recorded = recording.blocks().get(disk).digest(block);
    if (recorded.isPresent() && recorded.getAsLong() != digest) {
      throw Replay.changedImage(recording, disk, block);
    }
  }

  /** The machine, to be looked at. */
  public Machine machine() {
    return machine;
  }

  /** The recording. */
  public Recording recording() {
    return recording;
  }

  /** Why it cannot go on, in one sentence; empty if it can. */
  public Optional<String> obstacle() {
    return Optional.ofNullable(obstacle);
  }

  /**
   * Where it was first seen not to be what was recorded, in one sentence; empty if it was not. Only
   * instants of recorded hashes that the search passed count.
   */
  public Optional<String> disagreement() {
    return Optional.ofNullable(disagreement);
  }

  /** The tick before which its inputs are known, and at which it is compared for the last time. */
  long end() {
    return end;
  }

  /** Whether nothing can happen in it any more. */
  boolean isOver() {
    return obstacle != null || outcome.isFinal();
  }

  /** Its inputs of one tick. */
  List<Input> inputsAt(long tick) {
    return recording.inputs().stream()
        .filter(i -> i.tick() == tick)
        .map(TimedInput::input)
        .toList();
  }

  /** What was changed in it since it was at an instant. */
  List<Intervention> interventionsSince(Checkpoint earlier) {
    return recording
        .interventions()
        .subList(earlier.inputs().interventions(), world.position().interventions());
  }

  /** The tick of the first recorded hash after a tick, or {@link World#NEVER}. */
  long nextHash(long after) {
    return recording.hashes().stream()
        .mapToLong(PeriodicHash::tick)
        .filter(t -> t > after)
        .findFirst()
        .orElse(World.NEVER);
  }

  /**
   * Runs as {@link Machine#slice} does; a reset does not end it. It stops early where it is over.
   *
   * @throws RecordingException if a disk image is not what it was, or cannot be read
   */
  void advance(long until, long steps) throws RecordingException {
    long last = steps > Long.MAX_VALUE - machine.steps() ? Long.MAX_VALUE : machine.steps() + steps;
    try {
      do {
        outcome = world.slice(machine, until, last);
      } while (outcome == Outcome.RESET && machine.now() < until);
    } catch (ReplayDifference | AbsentBlockException e) {
      obstacle = Objects.requireNonNull(e.getMessage());
    } catch (StorageException e) {
      throw new RecordingException(Objects.requireNonNull(e.getMessage()));
    }
  }

  /** What it takes to come back to this instant; to be closed. */
  Checkpoint save() {
    return new Checkpoint(Moment.of(machine), machine.save(), world.position());
  }

  /** Comes back to an instant of this run, or to one of a run with the same inputs until then. */
  void load(Checkpoint checkpoint) {
    machine.load(checkpoint.state());
    world.position(checkpoint.inputs());
    outcome = Outcome.LIMIT;
    obstacle = null;
    agreed =
        recording.hashes().stream()
            .mapToLong(PeriodicHash::tick)
            .filter(t -> t <= machine.now())
            .max()
            .orElse(0);
  }

  /**
   * Compares a state with what was recorded of this tick, if anything was, and takes a note.
   *
   * @param state the state before the inputs of a tick
   */
  void verify(StateDigest state) {
    if (disagreement != null || !machine.isAtBoundary()) {
      return;
    }
    for (PeriodicHash hash : recording.hashes()) {
      if (hash.tick() > agreed && hash.tick() < state.tick()) {
        disagreement =
            "The recorded run stopped for a hash at tick %d, the replay at tick %d; they agreed at tick %d."
                .formatted(hash.tick(), state.tick(), agreed);
        return;
      }
      if (hash.tick() == state.tick()) {
        note(state.tick(), PeriodicHash.of(state).differingGroups(hash));
      }
    }
    Optional<Seal> seal = recording.seal();
    if (seal.isPresent()
        && seal.get().digest().tick() == state.tick()
        && seal.get().outcome().isFinal() == outcome.isFinal()) {
      note(state.tick(), state.differingParts(seal.get().digest()));
    }
  }

  private void note(long tick, List<String> where) {
    if (where.isEmpty()) {
      agreed = Math.max(agreed, tick);
    } else {
      disagreement =
          "At tick %d the replay differs from the recording in %s; they agreed at tick %d."
              .formatted(tick, String.join(", ", where), agreed);
    }
  }

  /** Gives the machine's memory back. */
  @Override
  public void close() {
    machine.close();
  }
}
