package dev.hindsight.cli.ask;

import dev.hindsight.timeline.Instant;
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
      long tick = instant instanceof Instant.Tick(long t) ? t : Long.MAX_VALUE;
      long steps = instant instanceof Instant.Step(long n) ? n : Long.MAX_VALUE;
      SerialText.write(pc, tick, steps, out, () -> false);
    } finally {
      out.flush();
    }
    return 0;
  }
}
