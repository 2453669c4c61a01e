package dev.hindsight.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hindsight demo}. */
@Command(
    name = "demo",
    description = "Boots a guest, types to it, records it, and replays it bit for bit.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--builtin",
      description = "Show the guest that comes with Hindsight (today the only one).")
  private boolean builtin;

  @Option(
      names = "--record",
      paramLabel = "DIR",
      description = "Where the recording goes; it must not exist. Default: a new temporary folder.")
  private @Nullable Path directory;

  @Option(
      names = "--schedules",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many random schedules to replay under (default: ${DEFAULT-VALUE}).")
  private int schedules;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "20",
      description = "How long the guest's tasks compute (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Override
  public Integer call() throws IOException {
    PrintStream out = System.out;
    if (!builtin) {
      out.println("Debian guests are not there yet; this is the built-in guest.");
    }
    Path place = directory;
    if (place == null) {
      place = Files.createTempDirectory("hindsight-").resolve("recording");
    }
    boolean agreed = new BuiltinDemo(out, place, rounds, schedules).run();
    return agreed ? 0 : Failure.DIVERGED;
  }
}
