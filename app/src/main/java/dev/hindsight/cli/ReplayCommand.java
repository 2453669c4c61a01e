package dev.hindsight.cli;

import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.OutputListener;
import dev.hindsight.board.PcChipset;
import dev.hindsight.bus.World;
import dev.hindsight.timeline.Recording;
import dev.hindsight.timeline.Replay;
import dev.hindsight.timeline.store.RecordedPc;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hindsight replay}. */
@Command(
    name = "replay",
    description = {
      "Runs a recording again, prints its console, and verifies every hash on the way.",
      "Ends with status 4 if the replay is not what was recorded."
    },
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DIR", description = "The recording.")
  private Path directory = Path.of("");

  @Mixin private EngineOption engine = new EngineOption();

  @Option(
      names = "--until",
      paramLabel = "TICKS",
      description = "Stop at this tick (1 tick = 1 ns of virtual time).")
  private long until = World.NEVER;

  @Option(
      names = "--stats",
      paramLabel = "FILE",
      description = "Write what the replay was, in numbers, as JSON.")
  private @Nullable Path stats;

  @Mixin private BlockTrace trace = new BlockTrace();

  @Override
  public Integer call() throws IOException {
    Statistics.check(stats);
    trace.open();
    try (BlockTrace _ = trace;
        RecordedPc pc = RecordedPc.open(directory);
        Console console = new Console()) {
      OutputListener outputs =
          (device, value, tick) -> {
            if (device.equals(PcChipset.SERIAL)) {
              console.print(value);
            }
          };
      Recording recording = pc.recording();
      recording.damage().ifPresent(d -> System.err.println("hindsight: " + Failure.printable(d)));
      try (Machine machine =
          pc.builder().engine(engine.engine().factory(trace.listener())).outputs(outputs).build()) {
        Replay replay = new Replay(machine, recording);
        Outcome outcome = replay.run(Math.min(until, recording.lastTick()));
        console.flush();
        if (outcome == Outcome.TRIPLE_FAULT) {
          CrashReport.print(machine, System.err);
        }
        Exit exit = replay.isAtEnd() ? Exit.of(outcome, recording) : Exit.UNTIL;
        if (stats != null) {
          Statistics.of(
                  machine,
                  RecordingPlace.logBytes(directory),
                  recording.inputs().stream().filter(i -> i.tick() <= machine.now()).count(),
                  exit)
              .write(stats);
        }
        return 0;
      }
    }
  }
}
