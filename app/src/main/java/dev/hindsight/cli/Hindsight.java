package dev.hindsight.cli;

import dev.hindsight.cli.ask.AskCommand;
import dev.hindsight.cli.check.CheckCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code hindsight}. */
@Command(
    name = "hindsight",
    description = "A virtual PC with perfect memory.",
    mixinStandardHelpOptions = true,
    version = "hindsight 0.1.0",
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      ReplayCommand.class,
      LiveCommand.class,
      InfoCommand.class,
      AskCommand.class,
      CheckCommand.class,
      MarkCommand.class,
      DebugCommand.class,
      PackCommand.class,
      UnpackCommand.class,
      GuestCommand.class
    })
public final class Hindsight implements Runnable {
  @CommandLine.Spec private CommandLine.Model.@org.jspecify.annotations.Nullable CommandSpec spec;

  /** Runs a command and ends the process with its status. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The command with its subcommands; errors meant for people are one sentence. */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Hindsight());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler((e, command, result) -> {
      command.getErr().println("hindsight: " + Failure.sentence(e));
      return Failure.status(e);
    });
    line.setParameterExceptionHandler((e, args) -> {
      PrintWriter err = e.getCommandLine().getErr();
      err.println("hindsight: " + e.getMessage() + ".");
      return CommandLine.ExitCode.USAGE;
    });
    return line;
  }

  @Override
  public void run() {
    if (spec != null) {
      spec.commandLine().usage(spec.commandLine().getOut());
    }
  }
}
