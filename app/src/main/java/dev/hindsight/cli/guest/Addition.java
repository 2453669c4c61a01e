package dev.hindsight.cli.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A file or directory of the host that a guest gets. Contents and permissions are kept, and within
 * a directory symbolic links; everything belongs to root.
 *
 * @param host the file or directory
 * @param guest where it goes, without leading or trailing slash; empty for the root directory
 */
public record Addition(Path host, String guest) {
  private static final String SYNTAX =
      "is not HOSTPATH:GUESTPATH with a GUESTPATH that begins with a slash.";

  /**
   * Reads {@code HOSTPATH:GUESTPATH}; the last colon counts. A file goes into the directory that a
   * GUESTPATH with a slash at its end names. A directory's contents are added to what the guest has
   * at GUESTPATH.
   *
   * @throws GuestException if that is not what it looks like, or the host has no such file
   */
  public static Addition parse(String text) throws GuestException {
    int colon = text.lastIndexOf(':');
    if (colon <= 0 || !text.startsWith("/", colon + 1)) {
      throw new GuestException("--add: " + text + " " + SYNTAX);
    }
    Path host;
    try {
      host = Path.of(text.substring(0, colon));
    } catch (InvalidPathException e) {
      throw new GuestException("--add: " + text + " " + SYNTAX, e);
    }
    if (!Files.exists(host)) {
      throw new GuestException("--add: there is no " + host + ".");
    }
    String guest = text.substring(colon + 1);
    List<String> names = new ArrayList<>();
    for (String name : guest.split("/")) {
      if (name.equals("..")) {
        throw new GuestException("--add: " + guest + " must not have \"..\" in it.");
      }
      if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    if (guest.endsWith("/") && !Files.isDirectory(host)) {
      Path name = host.getFileName();
      names.add(name == null ? "" : name.toString());
    }
    return new Addition(host, String.join("/", names));
  }

  /**
   * Puts it into a file system.
   *
   * @throws GuestException if something cannot be read or is no file, directory or symbolic link,
   *     or if the guest has a directory where a file would go, or the other way round
   */
  void addTo(Initramfs initramfs) throws IOException {
    // The path that a person names may be a symbolic link; what it leads to is meant.
    add(initramfs, host.toRealPath(), guest);
  }

  private static void add(Initramfs initramfs, Path from, String path) throws IOException {
    if (Files.isSymbolicLink(from)) {
      initramfs.link(path, Files.readSymbolicLink(from).toString());
    } else if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
      initramfs.directory(path, permissions(from));
      for (Path each : sorted(from)) {
        String name = each.getFileName().toString();
        add(initramfs, each, path.isEmpty() ? name : path + "/" + name);
      }
    } else if (Files.isRegularFile(from, LinkOption.NOFOLLOW_LINKS)) {
      if (!Files.isReadable(from)) {
        throw new GuestException("--add: " + from + " cannot be read; change its permissions.");
      }
      initramfs.hostFile(path, permissions(from), from);
    } else {
      throw new GuestException(
          "--add: " + from + " is neither a file nor a directory nor a symbolic link.");
    }
  }

  private static List<Path> sorted(Path directory) throws IOException {
    if (!Files.isReadable(directory)) {
      throw new GuestException("--add: " + directory + " cannot be read; change its permissions.");
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  private static int permissions(Path file) throws IOException {
    return (Integer) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 0xFFF;
  }
}
