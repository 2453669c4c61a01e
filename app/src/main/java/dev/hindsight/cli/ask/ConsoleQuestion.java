package dev.hindsight.cli.ask;

import dev.hindsight.board.Machine;
import dev.hindsight.board.PcChipset;
import dev.hindsight.cli.Engines;
import dev.hindsight.timeline.Instant;
import dev.hindsight.timeline.Replay;
import dev.hindsight.timeline.store.RecordedPc;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code hindsight ask DIR console}. */
@Command(
    name = "console",
    description = "What had the first serial port sent until then?",
    mixinStandardHelpOptions = true)
final class ConsoleQuestion implements Callable<Integer> {
  @ParentCommand private AskCommand ask = new AskCommand();

  @Override
  public Integer call() throws IOException {
    PrintStream out = new PrintStream(new BufferedOutputStream(System.out));
    try (RecordedPc pc = RecordedPc.open(ask.directory())) {
      Instant instant = ask.at().orElse(new Instant.Tick(pc.recording().lastTick()));
      InstantOptions.check(ask.directory(), pc.recording(), instant);
      try (Machine machine =
          pc.builder()
              .engine(Engines.AUTO.factory())
              .outputs((device, value, at) -> {
                if (device.equals(PcChipset.SERIAL)) {
                  out.write(value);
                }
              })
              .build()) {
        Replay replay = new Replay(machine, pc.recording());
        switch (instant) {
          case Instant.Tick(long tick) -> replay.run(tick);
          case Instant.Step(long steps) -> replay.slice(Long.MAX_VALUE, steps);
        }
      }
    } finally {
      out.flush();
    }
    return 0;
  }
}
