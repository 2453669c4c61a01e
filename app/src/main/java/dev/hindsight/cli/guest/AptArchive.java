package dev.hindsight.cli.guest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The distribution's package archive for one architecture, seen through the host's apt.
 *
 * <p>Sources, keys, pinning, proxies and credentials are those of the host's configuration. State
 * and cache are in a directory of our own, so that no privilege is needed, the host's own packages
 * are not touched, and packages of another architecture than the host's can be had.
 */
final class AptArchive {
  /** After this, apt looks for newer package lists. */
  private static final Duration LISTS_LAST = Duration.ofDays(1);

  private static final String NO_APT =
      "apt was not found, and guests are made from Debian's packages; run this on Debian, or in a"
          + " container of it.";

  private final Path directory;
  private final String architecture;
  private final Path configuration;
  private final Path updated;
  private final Path messages;

  /**
   * With its state in a directory.
   *
   * @param directory is made if it is not there; used by one process at a time
   * @param architecture such as {@code amd64}
   */
  AptArchive(Path directory, String architecture) throws IOException {
    this.directory = directory;
    this.architecture = architecture;
    this.configuration = directory.resolve("apt.conf");
    this.updated = directory.resolve("updated");
    this.messages = directory.resolve("apt.log");
    Files.createDirectories(directory.resolve("lists/partial"));
    Files.createDirectories(directory.resolve("cache/archives/partial"));
    Files.write(directory.resolve("status"), new byte[0]);
    Files.writeString(configuration, configuration());
  }

  /**
   * What differs from the host's configuration, besides directories. Hooks of the host are for
   * updates of the host's own lists; of the indexes only that of the packages is wanted. As root,
   * apt would become a user who may not write here.
   */
  private String configuration() {
    return """
    #clear APT::Architectures;
    #clear APT::Update::Pre-Invoke;
    #clear APT::Update::Post-Invoke;
    #clear APT::Update::Post-Invoke-Success;
    #clear Acquire::IndexTargets;
    APT::Architecture "NATIVE";
    APT::Architectures { "NATIVE"; };
    APT::Sandbox::User "root";
    APT::Update::Error-Mode "any";
    Acquire::Languages "none";
    Acquire::IndexTargets::deb::Packages {
      MetaKey "$(COMPONENT)/binary-$(ARCHITECTURE)/Packages";
      flatMetaKey "Packages";
      ShortDescription "Packages";
      Description "$(RELEASE)/$(COMPONENT) $(ARCHITECTURE) Packages";
      flatDescription "$(RELEASE) Packages";
      Optional "false";
    };
    Dir::Cache::pkgcache "pkgcache.bin";
    Dir::Cache::srcpkgcache "";
    """
        .replace("NATIVE", architecture);
  }

  /** Whether the package lists are missing, or so old that newer ones are likely. */
  boolean isStale() throws IOException {
    if (!Files.exists(updated)) {
      return true;
    }
    Instant then = Files.getLastModifiedTime(updated).toInstant();
    Instant now = Instant.now();
    return then.isAfter(now) || then.plus(LISTS_LAST).isBefore(now);
  }

  /**
   * Fetches the package lists. If some cannot be had, the others are used, and the next run tries
   * again.
   *
   * @throws GuestException if there are no lists at all then
   */
  void update() throws IOException {
    int status = run("apt-get", "-qq", "update").status();
    if (status == 0) {
      Files.writeString(updated, "");
      Files.setLastModifiedTime(updated, FileTime.from(Instant.now()));
    } else if (!hasLists()) {
      throw new GuestException(
          "apt could not fetch the package lists (%s); check the network, apt's proxy settings and sources."
              .formatted(complaint()));
    }
  }

  private boolean hasLists() throws IOException {
    try (Stream<Path> lists = Files.list(directory.resolve("lists"))) {
      return lists.anyMatch(f -> f.getFileName().toString().contains("_Packages"));
    }
  }

  /**
   * What the lists say of the version that apt would install.
   *
   * @throws GuestException if they know no such package
   */
  ControlParagraph candidate(String packageName) throws IOException {
    Output output = run("apt-cache", "--no-all-versions", "show", packageName);
    ControlParagraph found = ControlParagraph.parse(output.text());
    if (output.status() != 0 || !found.name().equals(packageName)) {
      throw new GuestException(
          "apt's sources have no package %s for %s; add the sources of a Debian release that has it."
              .formatted(packageName, architecture));
    }
    return found;
  }

  /**
   * Downloads packages and has apt check them.
   *
   * @param into an empty directory
   * @return one file each, in the order of the packages
   * @throws GuestException if one cannot be had
   */
  List<Path> download(List<ControlParagraph> packages, Path into) throws IOException {
    List<Path> files = new ArrayList<>();
    for (ControlParagraph wanted : packages) {
      Path place = Files.createDirectory(into.resolve("" + files.size()));
      String exactly = wanted.name() + "=" + wanted.version();
      int status = runIn(place, "apt-get", "-qq", "download", exactly).status();
      try (Stream<Path> found = Files.list(place)) {
        Path file = found.filter(f -> f.toString().endsWith(".deb")).findAny().orElse(null);
        if (status != 0 || file == null) {
          throw new GuestException(
              "apt could not download %s (%s); check the network, or try again with --update."
                  .formatted(exactly, complaint()));
        }
        files.add(file);
      }
    }
    return files;
  }

  /** What apt complained of first in its last run. */
  private String complaint() throws IOException {
    String text = Files.readString(messages, StandardCharsets.ISO_8859_1);
    return text.lines()
        .filter(line -> line.startsWith("E: ") || line.startsWith("W: "))
        .findFirst()
        .map(line -> line.substring(3).strip().replaceAll("\\s+", " "))
        .orElse("see " + messages);
  }

  private record Output(int status, String text) {}

  private Output run(String program, String... arguments) throws IOException {
    return runIn(directory, program, arguments);
  }

  private Output runIn(Path place, String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(program, "-c", configuration.toString()));
    // On the command line, where a path needs no quotes.
    directory(command, "Dir::State", directory);
    directory(command, "Dir::State::lists", directory.resolve("lists"));
    directory(command, "Dir::State::status", directory.resolve("status"));
    directory(command, "Dir::State::extended_states", directory.resolve("extended_states"));
    directory(command, "Dir::Cache", directory.resolve("cache"));
    directory(command, "Dir::Cache::archives", directory.resolve("cache/archives"));
    directory(command, "Dir::Log", directory);
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(place.toFile());
    builder.environment().put("LC_ALL", "C");
    builder.redirectError(messages.toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new GuestException(NO_APT, e);
    }
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      return new Output(process.waitFor(), text);
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new GuestException("Making the guest was interrupted; start it again.", e);
    }
  }

  private static void directory(List<String> command, String option, Path path) {
    command.add("-o");
    command.add(option + "=" + path);
  }
}
