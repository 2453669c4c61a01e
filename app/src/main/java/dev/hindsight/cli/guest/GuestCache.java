package dev.hindsight.cli.guest;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The guests that have been made, in a directory of the user's cache.
 *
 * <p>Each guest has a folder with kernels and initial RAM file systems, whose names carry a hash of
 * their contents, and the file {@code current} that names the newest pair. A file gets its name
 * when it is complete, and does not change any more; older ones stay, since recordings may name
 * them. Of several processes that want a guest at once, one makes it.
 */
public final class GuestCache {
  private static final String CURRENT = "current";

  private final Path directory;
  private final Path guests;
  private final Consumer<String> progress;

  /**
   * In a directory, which is made when there is something to put into it.
   *
   * @param progress is told, in a few words each, what is being done when that takes long
   */
  public GuestCache(Path directory, Consumer<String> progress) {
    this.directory = directory;
    this.guests = directory.resolve("guests");
    this.progress = progress;
  }

  /**
   * The user's cache directory for Hindsight, by the XDG Base Directory Specification: in {@code
   * $XDG_CACHE_HOME} if that is an absolute path, otherwise in {@code $HOME/.cache}.
   */
  public static Path userDirectory(Map<String, String> environment) {
    String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
    if (cache.startsWith("/")) {
      return Path.of(cache, "hindsight");
    }
    String home = environment.getOrDefault("HOME", "");
    return Path.of(home.isEmpty() ? System.getProperty("user.home") : home, ".cache", "hindsight");
  }

  /** Whether a guest can be had without the network. */
  public boolean has(GuestSystem system) throws IOException {
    return current(system).isPresent();
  }

  /**
   * A guest; made first if it is not there.
   *
   * @param additions what it gets besides what every guest has; a later one replaces files of an
   *     earlier one
   * @param update whether to look for newer packages even if it is there
   * @throws GuestException if it cannot be had
   */
  public Guest get(GuestSystem system, List<Addition> additions, boolean update)
      throws IOException {
    try {
      Optional<Guest> there = update ? Optional.empty() : current(system);
      Guest plain = there.isPresent() ? there.get() : make(system, update);
      return additions.isEmpty() ? plain : withAdditions(plain, additions);
    } catch (AccessDeniedException e) {
      throw new GuestException(
          "No permission for %s; set XDG_CACHE_HOME to a directory that you may write to."
              .formatted(e.getFile()),
          e);
    } catch (FileSystemException e) {
      throw new GuestException(
          "The cache %s cannot be used (%s); set XDG_CACHE_HOME to another directory."
              .formatted(directory, e.getMessage()),
          e);
    }
  }

  private Optional<Guest> current(GuestSystem system) throws IOException {
    Path folder = guests.resolve(system.name());
    Path file = folder.resolve(CURRENT);
    if (!Files.isReadable(file)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(file);
    if (lines.size() < 3 || !lines.get(0).equals("recipe " + recipe())) {
      return Optional.empty();
    }
    Path kernel = named(folder, lines.get(1), "kernel ");
    Path initrd = named(folder, lines.get(2), "initrd ");
    return Files.isRegularFile(kernel) && Files.isRegularFile(initrd)
        ? Optional.of(new Guest(kernel, initrd))
        : Optional.empty();
  }

  private static Path named(Path folder, String line, String key) {
    return folder.resolve(line.startsWith(key) ? line.substring(key.length()) : line);
  }

  private static String recipe() throws IOException {
    return hash(sha256().digest(GuestBuilder.recipe().getBytes(StandardCharsets.UTF_8)));
  }

  private Guest make(GuestSystem system, boolean update) throws IOException {
    Path folder = guests.resolve(system.name());
    Files.createDirectories(folder);
    try (FileChannel channel =
            FileChannel.open(
                guests.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assert lock.isValid();
      Optional<Guest> there = update ? Optional.empty() : current(system);
      if (there.isPresent()) {
        // Another process has made it while this one waited.
        return there.get();
      }
      Path scratch = Files.createTempDirectory(folder, "making-");
      try {
        AptArchive archive =
            new AptArchive(
                directory.resolve("apt").resolve(system.architecture()), system.architecture());
        return store(folder, new GuestBuilder(system, archive, progress).build(update, scratch));
      } finally {
        delete(scratch);
      }
    }
  }

  private static Guest store(Path folder, GuestBuilder.Product product) throws IOException {
    String release = product.release();
    Path kernel = store(folder, "vmlinuz-" + release, "", out -> out.write(product.kernel()));
    Path initrd = store(folder, "initrd-" + release, ".cpio", product.initramfs()::write);
    StringBuilder text = new StringBuilder();
    text.append("recipe ").append(recipe()).append('\n');
    text.append("kernel ").append(kernel.getFileName()).append('\n');
    text.append("initrd ").append(initrd.getFileName()).append('\n');
    product.packages().forEach(each -> text.append("package ").append(each).append('\n'));
    Path temporary = Files.createTempFile(folder, "current-", ".tmp");
    try {
      Files.writeString(temporary, text);
      rename(temporary, folder.resolve(CURRENT));
    } finally {
      Files.deleteIfExists(temporary);
    }
    return new Guest(kernel, initrd);
  }

  private static Guest withAdditions(Guest plain, List<Addition> additions) throws IOException {
    Initramfs initramfs;
    try (InputStream in = Files.newInputStream(plain.initrd())) {
      initramfs = Initramfs.read(in);
    }
    for (Addition each : additions) {
      each.addTo(initramfs);
    }
    String name = plain.initrd().getFileName().toString();
    String prefix = name.substring(0, name.lastIndexOf('-'));
    Path folder = plain.initrd().resolveSibling("");
    return new Guest(plain.kernel(), store(folder, prefix, ".cpio", initramfs::write));
  }

  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Writes a file under a temporary name, then gives it one with a hash of what was written. */
  private static Path store(Path folder, String prefix, String suffix, Content content)
      throws IOException {
    MessageDigest digest = sha256();
    Path temporary = Files.createTempFile(folder, prefix + "-", ".tmp");
    try {
      try (OutputStream out =
          new BufferedOutputStream(
              new DigestOutputStream(Files.newOutputStream(temporary), digest), 1 << 16)) {
        content.writeTo(out);
      }
      Path place = folder.resolve(prefix + "-" + hash(digest.digest()) + suffix);
      if (!Files.exists(place)) {
        rename(temporary, place);
      }
      return place;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }

  /** 64 bits of a digest are enough among the few files of a folder. */
  private static String hash(byte[] digest) {
    return HexFormat.of().formatHex(digest, 0, 8);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
