package dev.hindsight.timeline.store;

import dev.hindsight.timeline.RecordingException;
import dev.hindsight.timeline.RecordingStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A recording in a directory of its own. Recordings hold what people typed, so where the file
 * system has permissions, only the owner may read them.
 */
public final class DirectoryStore implements RecordingStore {
  private final Path directory;

  private DirectoryStore(Path directory) {
    this.directory = directory;
  }

  /**
   * Makes a directory for a new recording; its parent must exist.
   *
   * @throws IOException if it exists already, or cannot be made
   */
  public static DirectoryStore create(Path directory) throws IOException {
    try {
      Files.createDirectory(directory, permissions(directory, "rwx------"));
    } catch (FileAlreadyExistsException e) {
      throw new RecordingException("There is a recording or something else at " + directory + ".");
    } catch (NoSuchFileException e) {
      throw new RecordingException("The directory " + directory.getParent() + " does not exist.");
    }
    return new DirectoryStore(directory);
  }

  /**
   * An existing recording.
   *
   * @throws IOException if there is no such directory
   */
  public static DirectoryStore open(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new RecordingException("There is no recording at " + directory + ".");
    }
    return new DirectoryStore(directory);
  }

  @Override
  public void write(String name, byte[] content) throws IOException {
    try (Appender file = append(name)) {
      file.append(content);
    }
  }

  @Override
  public Appender append(String name) throws IOException {
    Path path = directory.resolve(name);
    FileChannel channel =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            permissions(directory, "rw-------"));
    return new FileAppender(channel);
  }

  @Override
  public byte[] read(String name) throws IOException {
    try {
      return Files.readAllBytes(directory.resolve(name));
    } catch (NoSuchFileException e) {
      throw new RecordingException(
          "The recording at " + directory + " has no file named " + name + ".");
    }
  }

  private static FileAttribute<?>[] permissions(Path path, String permissions) {
    boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private record FileAppender(FileChannel channel) implements Appender {
    @Override
    public void append(byte[] bytes) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }

    @Override
    public void close() throws IOException {
      try (channel) {
        channel.force(true);
      }
    }
  }
}
