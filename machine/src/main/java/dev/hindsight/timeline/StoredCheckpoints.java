package dev.hindsight.timeline;

import dev.hindsight.board.Machine;
import dev.hindsight.bus.state.StateFormatException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a timeline does with a {@link CheckpointStore}: it fetches a checkpoint where that saves
 * enough, and verifies that the machine becomes what was stored; and it has checkpoints stored that
 * are far enough from one another.
 */
final class StoredCheckpoints {
  /** Between checkpoints that are stored there are this many of those in memory. */
  private static final long SPARSER = 12;

  private final CheckpointStore store;
  private final Machine machine;
  private final Replay replay;
  private final Checkpoints memory;
  private final long interval;
  private final long lastTick;

  /**
   * Of a timeline.
   *
   * @param memory where fetched checkpoints go
   * @param interval steps between checkpoints in memory
   * @param lastTick where the recording ends
   */
  StoredCheckpoints(
      CheckpointStore store,
      Machine machine,
      Replay replay,
      Checkpoints memory,
      long interval,
      long lastTick) {
    this.store = store;
    this.machine = machine;
    this.replay = replay;
    this.memory = memory;
    this.interval = interval;
    this.lastTick = lastTick;
  }

  /**
   * Goes to the last stored checkpoint before a destination, if nothing else is almost as near.
   *
   * @param isBefore whether an instant comes before the destination
   */
  void fetch(Predicate<Moment> isBefore) {
    Moment present = Moment.of(machine);
    Moment known = memory.last(isBefore).at();
    if (isBefore.test(present) && present.compareTo(known) > 0) {
      known = present;
    }
    for (Moment m : store.moments().reversed()) {
      // a log that was cut short ends before what its machine had come to
      if (isBefore.test(m) && m.tick() <= lastTick) {
        if (m.steps() - known.steps() < interval || brings(m)) {
          return;
        }
      }
    }
  }

  private boolean brings(Moment at) {
    CheckpointStore.Stored found = store.load(at);
    if (found == null) {
      return false;
    }
    try (Checkpoint checkpoint = found.checkpoint()) {
      String wrong = load(checkpoint, found.digest());
      if (wrong == null) {
        // of the machine's own memory, so that later ones share pages with it
        memory.add(replay.save());
        return true;
      }
      replay.load(memory.first());
      store.refuse(at, wrong);
      return false;
    }
  }

  /** Loads one into the machine; returns what is wrong with it, in a sentence. */
  private @Nullable String load(Checkpoint found, long digest) {
    try {
      replay.load(found);
    } catch (StateFormatException e) {
      return String.valueOf(e.getMessage());
    } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
      // values that no chip would have saved
      return "It is no state that this machine can be in.";
    }
    return Moment.of(machine).equals(found.at()) && machine.digest().total() == digest
        ? null
        : "It is not the state that it says.";
  }

  /** A checkpoint was made; it is stored if no other is near it. */
  void passed(Checkpoint checkpoint) {
    long distance = checkpoint.steps();
    for (Moment m : store.moments()) {
      distance = Math.min(distance, Math.abs(checkpoint.steps() - m.steps()));
    }
    if (distance >= SPARSER * interval) {
      store.save(checkpoint);
    }
  }
}
