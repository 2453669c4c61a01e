package dev.hindsight.cli;

import dev.hindsight.cli.guest.GuestCache;
import dev.hindsight.cli.guest.GuestCatalogue;
import dev.hindsight.cli.guest.GuestSystem;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code hindsight guest list}. */
@Command(
    name = "list",
    description = "Shows the guests that there are.",
    mixinStandardHelpOptions = true)
final class GuestListCommand implements Callable<Integer> {
  private static final String ROW = "%-20s %-12s %-56s %s%n";

  @Override
  public Integer call() throws IOException {
    GuestCache cache = new GuestCache(GuestCache.userDirectory(System.getenv()), Progress.NONE);
    System.out.printf(ROW, "NAME", "ARCHITECTURE", "WHAT IT IS", "IN CACHE");
    for (GuestSystem system : GuestCatalogue.systems()) {
      System.out.printf(
          ROW,
          system.name(),
          system.architecture(),
          system.description(),
          cache.has(system) ? "yes" : "no");
    }
    return 0;
  }
}
