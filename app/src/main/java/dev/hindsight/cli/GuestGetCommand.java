package dev.hindsight.cli;

import dev.hindsight.cli.guest.Addition;
import dev.hindsight.cli.guest.Guest;
import dev.hindsight.cli.guest.GuestCache;
import dev.hindsight.cli.guest.GuestCatalogue;
import dev.hindsight.cli.guest.GuestSystem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hindsight guest get}. */
@Command(
    name = "get",
    description = "Prints where a guest's kernel and initrd are, and makes them if need be.",
    mixinStandardHelpOptions = true)
final class GuestGetCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "NAME", description = "A name from `hindsight guest list`.")
  private String name = "";

  @Option(
      names = "--add",
      paramLabel = "HOSTPATH:GUESTPATH",
      description = "Also put this file or directory of the host into the initrd.")
  private List<String> additions = new ArrayList<>();

  @Option(
      names = "--update",
      description = "Look for newer packages, even if the guest is in the cache.")
  private boolean update;

  @Override
  public Integer call() throws IOException {
    GuestSystem system = GuestCatalogue.find(name);
    List<Addition> added = new ArrayList<>();
    for (String each : additions) {
      added.add(Addition.parse(each));
    }
    GuestCache cache =
        new GuestCache(GuestCache.userDirectory(System.getenv()), Progress.onTerminal());
    Guest guest = cache.get(system, added, update);
    System.out.println("kernel " + guest.kernel());
    System.out.println("initrd " + guest.initrd());
    return 0;
  }
}
