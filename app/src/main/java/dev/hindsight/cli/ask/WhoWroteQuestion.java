package dev.hindsight.cli.ask;

import dev.hindsight.timeline.Instant;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code hindsight ask DIR who-wrote}. */
@Command(
    name = "who-wrote",
    description = {
      "Which instruction, or device, wrote to memory last, or each time?",
      "A linear address means the physical memory that it is mapped to at the instant"
          + " before which is looked: whoever wrote there is found, through whatever address."
          + " Without LEN, 8 bytes are meant."
    },
    mixinStandardHelpOptions = true)
final class WhoWroteQuestion implements Callable<Integer> {
  @ParentCommand private AskCommand ask = new AskCommand();

  @Mixin private MemoryRange range = new MemoryRange();

  @Option(
      names = "--before",
      paramLabel = "TICK",
      description = "Look before this tick (default: that of --at, or the end).")
  private @Nullable Long before;

  @Option(names = "--all", description = "Each time since power-on, not only the last.")
  private boolean all;

  @Override
  public Integer call() throws IOException {
    Optional<Instant> end = before == null ? ask.at() : Optional.of(new Instant.Tick(before));
    PrintStream out = new PrintStream(new BufferedOutputStream(System.out));
    try (OpenRecording present = ask.present(end)) {
      WhoWrote question = new WhoWrote(present.timeline(), present.vcpu(ask.vcpu()), range, out);
      if (all) {
        question.all();
      } else {
        boolean _ = question.last(() -> false);
      }
    } finally {
      out.flush();
    }
    return 0;
  }
}
