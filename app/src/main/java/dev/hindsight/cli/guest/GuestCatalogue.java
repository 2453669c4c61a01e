package dev.hindsight.cli.guest;

import java.util.List;
import java.util.stream.Collectors;

/** The guests that there are. */
public final class GuestCatalogue {
  private static final List<GuestSystem> SYSTEMS =
      List.of(
          debian("debian-amd64", "amd64", "linux-image-amd64", "64-bit PCs"),
          debian("debian-cloud-amd64", "amd64", "linux-image-cloud-amd64", "virtual machines"),
          debian("debian-686", "i386", "linux-image-686", "32-bit PCs without PAE"),
          debian("debian-686-pae", "i386", "linux-image-686-pae", "32-bit PCs with PAE"));

  private GuestCatalogue() {}

  private static GuestSystem debian(
      String name, String architecture, String kernelPackage, String machines) {
    return new GuestSystem(
        name, architecture, kernelPackage, "Debian's Linux for " + machines + ", and BusyBox");
  }

  /** All of them, in the order in which they are listed. */
  public static List<GuestSystem> systems() {
    return SYSTEMS;
  }

  /**
   * The guest of that name.
   *
   * @throws GuestException if there is none
   */
  public static GuestSystem find(String name) throws GuestException {
    for (GuestSystem system : SYSTEMS) {
      if (system.name().equals(name)) {
        return system;
      }
    }
    String names = SYSTEMS.stream().map(GuestSystem::name).collect(Collectors.joining(", "));
    throw new GuestException(
        "There is no guest " + name + "; `hindsight guest list` shows them: " + names + ".");
  }
}
