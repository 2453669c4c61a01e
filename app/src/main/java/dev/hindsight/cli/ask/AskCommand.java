package dev.hindsight.cli.ask;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
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
      "The recording is replayed up to there, and stays as it is."
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

  @Option(
      names = "--at",
      paramLabel = "TICK",
      scope = ScopeType.INHERIT,
      description = "The instant, before anything happens at this tick (default: the end).")
  private @Nullable Long at;

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
  OptionalLong at() {
    return at == null ? OptionalLong.empty() : OptionalLong.of(at);
  }

  /** Number of the vCPU. */
  int vcpu() {
    return vcpu;
  }

  /** The machine at the instant. */
  Present present() throws IOException {
    return Present.at(directory, at());
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
