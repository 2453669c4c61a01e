package dev.hindsight.cli;

import dev.hindsight.board.MachineBuilder;
import dev.hindsight.board.MachineDescription;
import dev.hindsight.bus.World;
import dev.hindsight.timeline.CheckpointStore;
import dev.hindsight.timeline.Recorder;
import dev.hindsight.timeline.live.ConsoleScript;
import dev.hindsight.timeline.live.Pace;
import dev.hindsight.timeline.store.CheckpointDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a machine runs live: what is not in its description. */
final class LiveOptions {
  private static final double LONGEST = 1e9;

  @Mixin private EngineOption engine = new EngineOption();

  @Option(
      names = "--pace",
      paramLabel = "realtime|none",
      description =
          "realtime: virtual time never leads the wall clock (the default at a terminal); none:"
              + " idle time is skipped.")
  private @Nullable Pace pace;

  @Option(
      names = "--script",
      paramLabel = "FILE",
      description = "Types to the console: lines of the form `wait for this => type that`.")
  private @Nullable Path script;

  @Option(
      names = "--until",
      paramLabel = "TICKS",
      description = "End the run at this tick (1 tick = 1 ns of virtual time).")
  private long until = World.NEVER;

  @Option(
      names = "--stats",
      paramLabel = "FILE",
      description = "Write what the run was, in numbers, as JSON.")
  private @Nullable Path stats;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "SECONDS",
      description =
          "Keep a checkpoint beside the recording each so many virtual seconds, so that later"
              + " commands need not replay all that is before.")
  private @Nullable Double checkpointEvery;

  /** Checks what can be checked before anything is done. */
  void check() throws IOException {
    if (until < 0) {
      throw new IllegalArgumentException("--until is a tick, which is never negative.");
    }
    if (checkpointEvery != null && !(checkpointEvery > 0 && checkpointEvery < LONGEST)) {
      throw new IllegalArgumentException("--checkpoint-every is a number of seconds, above 0.");
    }
    Statistics.check(stats);
  }

  /**
   * Has checkpoints made, if that was asked for.
   *
   * @param place the directory of the recording
   * @return where they go, to be closed after the recorder
   */
  CheckpointStore checkpoints(Recorder recorder, MachineDescription machine, Path place) {
    if (checkpointEvery == null) {
      return CheckpointStore.NONE;
    }
    CheckpointStore store =
        CheckpointDirectory.open(
            place,
            machine,
            recorder::pastDigest,
            CheckpointDirectory.DEFAULT_BUDGET,
            warning -> System.err.println("hindsight: " + warning));
    recorder.checkpoints(
        store, Math.max(1, (long) (checkpointEvery * MachineBuilder.TICKS_PER_SECOND)));
    return store;
  }

  Engines engine() {
    return engine.engine();
  }

  Pace pace() {
    if (pace != null) {
      return pace;
    }
    return Console.isTerminal() ? Pace.REALTIME : Pace.NONE;
  }

  /** What a script types; empty if there is no script. */
  Optional<List<ConsoleScript.Step>> script() throws IOException {
    return script == null ? Optional.empty() : Optional.of(ScriptFile.read(script));
  }

  long until() {
    return until;
  }

  @Nullable Path stats() {
    return stats;
  }
}
