package dev.hindsight.cli.guest;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioConstants;
import org.jspecify.annotations.Nullable;

/**
 * An initial RAM file system: a tree of files that the kernel unpacks at start (Linux's
 * Documentation/driver-api/early-userspace/buffer-format.rst), written as a cpio archive in the
 * format {@code newc}. It is not compressed: in an emulator, unpacking costs more than reading.
 *
 * <p>The same tree gives the same bytes: entries are sorted by path, belong to root, and have the
 * time 0.
 */
final class Initramfs {
  private static final int PERMISSIONS = 0xFFF;
  private static final int BLOCK = 512;
  private static final String UTF_8 = StandardCharsets.UTF_8.name();

  /** The format has 32 bits for a file's size. */
  private static final long LONGEST_FILE = 0xFFFF_FFFFL;

  private sealed interface Node {
    /** The lower twelve bits of the mode. */
    int permissions();
  }

  private record Folder(int permissions) implements Node {}

  private record Bytes(int permissions, byte[] content) implements Node {}

  private record HostFile(int permissions, Path place) implements Node {}

  private record Link(String target) implements Node {
    @Override
    public int permissions() {
      return 0777;
    }
  }

  private record CharacterDevice(int permissions, int major, int minor) implements Node {}

  /** By path without leading slash; the path of a directory sorts before those of its files. */
  private final NavigableMap<String, Node> nodes = new TreeMap<>();

  /**
   * Puts a directory there, and those that it is in. One that is there keeps its permissions.
   *
   * @param path without leading or trailing slash; empty for the root
   * @throws GuestException if there is something else at that path
   */
  void directory(String path, int permissions) throws GuestException {
    if (path.isEmpty()) {
      return;
    }
    directoriesOf(path);
    Node there = nodes.putIfAbsent(path, new Folder(permissions));
    if (there != null && !(there instanceof Folder)) {
      throw new GuestException("/" + path + " of the guest is not a directory.");
    }
  }

  /** Puts a file there. */
  void file(String path, int permissions, byte[] content) throws GuestException {
    put(path, new Bytes(permissions, content));
  }

  /** Puts a text there. */
  void file(String path, int permissions, String content) throws GuestException {
    file(path, permissions, content.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Puts a file of the host there; it is read when the archive is written.
   *
   * @throws GuestException if it is too long for the format, or there is a directory at that path
   */
  void hostFile(String path, int permissions, Path place) throws IOException {
    if (Files.size(place) > LONGEST_FILE) {
      throw new GuestException(place + " is 4 GiB or longer; put it on a disk instead.");
    }
    put(path, new HostFile(permissions, place));
  }

  /** Puts a symbolic link there. */
  void link(String path, String target) throws GuestException {
    put(path, new Link(target));
  }

  /** Puts the special file of a character device there. */
  void characterDevice(String path, int permissions, int major, int minor) throws GuestException {
    put(path, new CharacterDevice(permissions, major, minor));
  }

  private void put(String path, Node node) throws GuestException {
    directoriesOf(path);
    if (nodes.get(path) instanceof Folder) {
      throw new GuestException("/" + path + " of the guest is a directory; name a file in it.");
    }
    nodes.put(path, node);
  }

  private void directoriesOf(String path) throws GuestException {
    int slash = path.lastIndexOf('/');
    if (slash > 0) {
      directory(path.substring(0, slash), 0755);
    }
  }

  /** Reads what {@link #write} wrote. */
  static Initramfs read(InputStream in) throws IOException {
    Initramfs result = new Initramfs();
    CpioArchiveInputStream cpio = new CpioArchiveInputStream(in, BLOCK, UTF_8);
    CpioArchiveEntry entry;
    while ((entry = cpio.getNextEntry()) != null) {
      Node node = node(entry, cpio);
      if (node != null) {
        result.nodes.put(entry.getName(), node);
      }
    }
    return result;
  }

  private static @Nullable Node node(CpioArchiveEntry entry, InputStream content)
      throws IOException {
    int permissions = (int) entry.getMode() & PERMISSIONS;
    if (entry.isDirectory()) {
      return new Folder(permissions);
    }
    if (entry.isSymbolicLink()) {
      return new Link(new String(content.readAllBytes(), StandardCharsets.UTF_8));
    }
    if (entry.isCharacterDevice()) {
      return new CharacterDevice(
          permissions, (int) entry.getRemoteDeviceMaj(), (int) entry.getRemoteDeviceMin());
    }
    return entry.isRegularFile() ? new Bytes(permissions, content.readAllBytes()) : null;
  }

  /** Writes the archive; leaves the stream open. */
  void write(OutputStream out) throws IOException {
    CpioArchiveOutputStream cpio =
        new CpioArchiveOutputStream(
            new FilterOutputStream(out) {
              @Override
              public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
              }

              @Override
              public void close() throws IOException {
                flush();
              }
            },
            CpioConstants.FORMAT_NEW,
            BLOCK,
            UTF_8);
    for (Map.Entry<String, Node> each : nodes.entrySet()) {
      write(cpio, each.getKey(), each.getValue());
    }
    cpio.finish();
    cpio.close();
  }

  private static void write(CpioArchiveOutputStream cpio, String path, Node node)
      throws IOException {
    switch (node) {
      case Folder folder -> content(cpio, path, CpioConstants.C_ISDIR, folder, new byte[0]);
      case Bytes file -> content(cpio, path, CpioConstants.C_ISREG, file, file.content());
      case Link link ->
          content(
              cpio,
              path,
              CpioConstants.C_ISLNK,
              link,
              link.target().getBytes(StandardCharsets.UTF_8));
      case HostFile file -> hostFile(cpio, path, file);
      case CharacterDevice device -> {
        CpioArchiveEntry entry = entry(path, CpioConstants.C_ISCHR, device, 0);
        entry.setRemoteDeviceMaj(device.major());
        entry.setRemoteDeviceMin(device.minor());
        cpio.putArchiveEntry(entry);
        cpio.closeArchiveEntry();
      }
    }
  }

  private static void content(
      CpioArchiveOutputStream cpio, String path, int type, Node node, byte[] content)
      throws IOException {
    cpio.putArchiveEntry(entry(path, type, node, content.length));
    cpio.write(content);
    cpio.closeArchiveEntry();
  }

  private static void hostFile(CpioArchiveOutputStream cpio, String path, HostFile file)
      throws IOException {
    try (InputStream in = Files.newInputStream(file.place())) {
      long size = Files.size(file.place());
      cpio.putArchiveEntry(entry(path, CpioConstants.C_ISREG, file, size));
      if (in.transferTo(cpio) != size) {
        throw new GuestException(file.place() + " changed while it was read; try again.");
      }
      cpio.closeArchiveEntry();
    }
  }

  private static CpioArchiveEntry entry(String path, int type, Node node, long size) {
    CpioArchiveEntry entry = new CpioArchiveEntry(CpioConstants.FORMAT_NEW, path, size);
    entry.setMode(type | node.permissions());
    entry.setTime(0);
    return entry;
  }
}
