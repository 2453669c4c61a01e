package dev.hindsight.cli;

import dev.hindsight.bus.World;
import dev.hindsight.timeline.live.ConsoleScript;
import dev.hindsight.timeline.live.Pace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a machine runs live: what is not in its description. */
final class LiveOptions {
  @Option(
      names = "--engine",
      paramLabel = "auto|interpreter",
      defaultValue = "auto",
      description = "What executes instructions (default: ${DEFAULT-VALUE}).")
  private Engines engine = Engines.AUTO;

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

  /** Checks what can be checked before anything is done. */
  void check() throws IOException {
    if (until < 0) {
      throw new IllegalArgumentException("--until is a tick, which is never negative.");
    }
    Statistics.check(stats);
  }

  Engines engine() {
    return engine;
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
