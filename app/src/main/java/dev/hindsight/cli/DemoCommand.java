package dev.hindsight.cli;

import dev.hindsight.cli.guest.Guest;
import dev.hindsight.cli.guest.GuestCache;
import dev.hindsight.cli.guest.GuestCatalogue;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hindsight demo}. */
@Command(
    name = "demo",
    description = "Boots Debian, types to it, records it, and replays it bit for bit.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final String GUEST = "debian-cloud-amd64";

  @Option(
      names = "--builtin",
      description = "Show the small guest that comes with Hindsight instead.")
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
      description =
          "With --builtin: how many random schedules to replay under (default: ${DEFAULT-VALUE}).")
  private int schedules;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "With --builtin: how long the guest's tasks compute (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Override
  public Integer call() throws IOException {
    PrintStream out = System.out;
    Path place = directory;
    if (place == null) {
      place = Files.createTempDirectory("hindsight-").resolve("recording");
    }
    Guest guest = builtin ? null : debian(out);
    boolean agreed;
    if (guest == null) {
      agreed = new BuiltinDemo(out, place, rounds, schedules).run();
    } else {
      try (Console console = new Console()) {
        agreed = new DebianDemo(out, console, place).run(guest);
      }
    }
    return agreed ? 0 : Failure.DIVERGED;
  }

  /** The guest, made if it is not there yet; null, with a sentence, if it cannot be had. */
  private static @Nullable Guest debian(PrintStream out) {
    GuestCache cache =
        new GuestCache(GuestCache.userDirectory(System.getenv()), Progress.onTerminal());
    try {
      return cache.get(GuestCatalogue.find(GUEST), List.of(), false);
    } catch (IOException e) {
      out.println("Debian cannot be had here: " + Failure.sentence(e));
      out.println("This is the guest that comes with Hindsight instead.");
      return null;
    }
  }
}
