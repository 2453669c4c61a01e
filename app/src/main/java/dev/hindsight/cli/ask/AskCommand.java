package dev.hindsight.cli.ask;

import dev.hindsight.cli.Engines;
import dev.hindsight.cli.Progress;
import dev.hindsight.timeline.Instant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code hindsight ask}. */
@Command(
    name = "ask",
    description = {
      "Answers a question about an instant of a recording.",
      "The recording is replayed up to there (default: its end), and stays as it is."
    },
    mixinStandardHelpOptions = true,
    subcommands = {
      RegistersQuestion.class,
      MemoryQuestion.class,
      DisassembleQuestion.class,
      ConsoleQuestion.class,
      WhoWroteQuestion.class,
      FirstDifferenceQuestion.class
    })
public final class AskCommand implements Runnable {
  @Parameters(index = "0", paramLabel = "DIR", description = "The recording.")
  private Path directory = Path.of("");

  @Mixin private InstantOptions instant = new InstantOptions();

  @Option(
      names = "--vcpu",
      paramLabel = "N",
      scope = ScopeType.INHERIT,
      defaultValue = "0",
      description = "Whose registers and address space (default: ${DEFAULT-VALUE}).")
  private int vcpu;

  @Spec private @Nullable CommandSpec spec;

  /** The recording. */
  Path directory() {
    return directory;
  }

  /** The instant, or empty for the end. */
  Optional<Instant> at() throws IOException {
    return instant.in(directory);
  }

  /** Number of the vCPU. */
  int vcpu() {
    return vcpu;
  }

  /** The recording at the instant. */
  OpenRecording present() throws IOException {
    return present(at());
  }

  /** The recording at another instant, or at its end. */
  OpenRecording present(Optional<Instant> instant) throws IOException {
    OpenRecording recording = OpenRecording.of(directory, Engines.AUTO.factory(), Progress.line());
    try {
      recording.go(instant);
      return recording;
    } catch (IOException | RuntimeException e) {
      recording.close();
      throw e;
    }
  }

  @Override
  public void run() {
    if (spec != null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "Say what to ask: registers, memory, disassemble, console, who-wrote or first-difference");
    }
  }
}
