package dev.hindsight.timeline.store;

import dev.hindsight.timeline.RecordingException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files of the host, with sentences for what can go wrong. */
final class HostFiles {
  private HostFiles() {}

  /** Opens a regular file for reading. */
  static FileChannel open(String what, Path file) throws RecordingException {
    try {
      if (Files.isDirectory(file)) {
        throw new RecordingException("The %s %s is a directory.".formatted(what, file));
      }
      return FileChannel.open(file, StandardOpenOption.READ);
    } catch (RecordingException e) {
      throw e;
    } catch (IOException e) {
      throw new RecordingException(
          "The %s %s cannot be read: %s.".formatted(what, file, reason(e)));
    }
  }

  /** Reads a file of at most so many bytes. */
  static byte[] readAll(String what, Path file, long most) throws RecordingException {
    try {
      long size = Files.size(file);
      if (size > Math.min(most, Integer.MAX_VALUE - 8)) {
        throw new RecordingException(
            "The %s %s is too large: it has %d bytes, and the machine %d of memory."
                .formatted(what, file, size, most));
      }
      return Files.readAllBytes(file);
    } catch (RecordingException e) {
      throw e;
    } catch (IOException e) {
      throw new RecordingException(
          "The %s %s cannot be read: %s.".formatted(what, file, reason(e)));
    }
  }

  /** Makes a file that only its owner may read; it must not exist. */
  static FileChannel create(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        permissions(file, "rw-------"));
  }

  /** Permissions where the file system has them. */
  static FileAttribute<?>[] permissions(Path path, String permissions) {
    boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /** Why something failed, in a few words. */
  static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException n -> "there is no such file";
      case AccessDeniedException a -> "permission denied";
      case FileAlreadyExistsException f -> "it exists already";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }
}
