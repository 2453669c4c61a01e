package dev.hindsight.cli.guest;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The file of a binary package (deb(5)): an ar archive in which {@code data.tar}, compressed in one
 * of several ways, has the files.
 *
 * @param file where it is
 */
record DebianPackage(Path file) {
  /** Sees the files of a package. */
  @FunctionalInterface
  interface Visitor {
    /**
     * A regular file.
     *
     * @param path relative to the root, such as {@code boot/config}
     * @param content readable until this returns
     * @return whether to go on
     */
    boolean file(String path, InputStream content) throws IOException;
  }

  /**
   * Shows the regular files in the order of the archive, until the visitor has seen enough.
   *
   * @throws GuestException if it is no package
   */
  void visit(Visitor visitor) throws IOException {
    try (ArArchiveInputStream ar =
        new ArArchiveInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      ArArchiveEntry entry;
      while ((entry = ar.getNextEntry()) != null) {
        if (entry.getName().startsWith("data.tar")) {
          try (InputStream data = decompressed(entry.getName(), ar)) {
            visitFiles(data, visitor);
          }
          return;
        }
      }
    } catch (GuestException e) {
      throw e;
    } catch (IOException e) {
      throw new GuestException(file + " is damaged; try again with --update.", e);
    }
    throw new GuestException(file + " is not a Debian package; try again with --update.");
  }

  /** The contents of the first file whose path matches. */
  Optional<byte[]> find(Pattern path) throws IOException {
    List<byte[]> found = new ArrayList<>();
    visit((name, content) -> {
      if (path.matcher(name).matches()) {
        found.add(content.readAllBytes());
      }
      return found.isEmpty();
    });
    return found.stream().findFirst();
  }

  private static void visitFiles(InputStream data, Visitor visitor) throws IOException {
    TarArchiveInputStream tar = new TarArchiveInputStream(data);
    TarArchiveEntry entry;
    while ((entry = tar.getNextEntry()) != null) {
      String name = entry.getName();
      if (entry.isFile() && !visitor.file(name.startsWith("./") ? name.substring(2) : name, tar)) {
        return;
      }
    }
  }

  /**
   * The contents of a file, judged by its name: {@code .xz}, {@code .zst}, {@code .gz}, or none of
   * these.
   */
  static InputStream decompressed(String name, InputStream content) throws IOException {
    if (name.endsWith(".xz")) {
      return new XZInputStream(content);
    }
    if (name.endsWith(".zst")) {
      return new ZstdInputStream(content);
    }
    if (name.endsWith(".gz")) {
      return new GZIPInputStream(content);
    }
    return content;
  }
}
