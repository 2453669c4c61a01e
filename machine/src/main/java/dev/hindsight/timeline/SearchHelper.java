package dev.hindsight.timeline;

import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineState;
import org.jspecify.annotations.Nullable;

/**
 * Searches with a machine of its own, which shares no memory with the timeline's, so that both can
 * run at once. It reads pages of checkpoints, and copies those that differ from what it has.
 */
final class SearchHelper implements BackwardSearch.Searcher, AutoCloseable {
  private final Machine machine;
  private final Replay replay;

  // a checkpoint of the timeline, and what this machine is when it is there
  private @Nullable Checkpoint original;
  private @Nullable MachineState copy;

  /**
   * A searcher.
   *
   * @param machine a machine at power-on, built after the recording's description; it belongs to
   *     the searcher from now on
   * @throws RecordingException if the machine is not the recorded one
   */
  SearchHelper(Machine machine, Recording recording) throws RecordingException {
    this.machine = machine;
    this.replay = new Replay(machine, recording);
  }

  @Override
  public void load(Checkpoint checkpoint) {
    if (original == null || copy == null) {
      machine.load(checkpoint.state());
    } else {
      machine.load(copy);
      machine.follow(original.state(), checkpoint.state());
      copy.close();
    }
    replay.comesTo(checkpoint);
    original = checkpoint;
    copy = machine.save();
  }

  @Override
  public Replay replay() {
    return replay;
  }

  /** Forgets the checkpoint that it was given last, which may be closed. */
  void forget() {
    if (copy != null) {
      copy.close();
    }
    original = null;
    copy = null;
  }

  @Override
  public void close() {
    forget();
    machine.close();
  }
}
