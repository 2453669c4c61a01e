package dev.hindsight.cli;

import dev.hindsight.board.Machine;
import dev.hindsight.bus.ScriptedWorld;
import dev.hindsight.bus.World;
import dev.hindsight.gdb.LiveTarget;
import dev.hindsight.gdb.RecordedTarget;
import dev.hindsight.timeline.Branch;
import dev.hindsight.timeline.Timeline;
import dev.hindsight.timeline.store.DirectoryStore;
import dev.hindsight.timeline.store.SourcePaths;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The branch in which a debugger goes on that has changed something in a recording. */
final class DebugBranch implements RecordedTarget.Brancher, AutoCloseable {
  private final Path parent;
  private final @Nullable Path place;
  private @Nullable Branch branch;

  /**
   * No branch yet.
   *
   * @param parent the recording
   * @param place where the branch is recorded to; null for a new directory among the user's state
   */
  DebugBranch(Path parent, @Nullable Path place) {
    this.parent = parent;
    this.place = place;
  }

  @Override
  public RecordedTarget.Started branch(Timeline timeline) throws IOException {
    if (timeline.isAtEnd() && timeline.recording().seal().isPresent()) {
      throw new IOException("The machine has ended here; go to an earlier instant to change it.");
    }
    String name = String.valueOf(parent.getFileName()) + "-debug";
    Path to = place != null ? place : RecordingPlace.next(System.getenv(), name);
    Branch begun =
        Branch.of(
            timeline,
            Failure.printable(parent.toAbsolutePath().normalize().toString()),
            new ScriptedWorld(List.of()),
            (device, value, tick) -> {},
            DirectoryStore.create(to),
            SourcePaths.absolute(parent, timeline.recording().sources()));
    branch = begun;
    Machine machine = begun.machine();
    // who kills it leaves it where it is
    DebuggedRun run = new DebuggedRun(machine, begun.recorder(), World.NEVER, () -> {});
    return new RecordedTarget.Started(
        new LiveTarget(machine, run),
        "Something was changed: this goes on live in a branch, recorded to %s; the recording stays"
                .formatted(to)
            + " as it is.");
  }

  /** Ends the branch, if there is one. */
  @Override
  public void close() throws IOException {
    if (branch != null) {
      branch.close();
      branch = null;
    }
  }
}
