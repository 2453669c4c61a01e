package dev.hindsight.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code hindsight guest}. */
@Command(
    name = "guest",
    description = "Guest operating systems, made from the distribution's own packages.",
    mixinStandardHelpOptions = true,
    subcommands = {GuestListCommand.class, GuestGetCommand.class})
final class GuestCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.@org.jspecify.annotations.Nullable CommandSpec spec;

  @Override
  public void run() {
    if (spec != null) {
      spec.commandLine().usage(spec.commandLine().getOut());
    }
  }
}
