package dev.hindsight.timeline.store;

import dev.hindsight.timeline.Recording;
import dev.hindsight.timeline.RecordingException;
import dev.hindsight.timeline.RecordingStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

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
      Files.createDirectory(directory, HostFiles.permissions(directory, "rwx------"));
    } catch (FileAlreadyExistsException e) {
      throw new RecordingException("There is a recording or something else at " + directory + ".");
    } catch (NoSuchFileException e) {
      Path parent = directory.toAbsolutePath().getParent();
      throw new RecordingException(
          parent == null || Files.exists(parent)
              ? "No directory can be made at " + directory + "."
              : "The directory " + parent + " does not exist.");
    } catch (IOException e) {
      throw new RecordingException(
          "No directory can be made at %s: %s.".formatted(directory, HostFiles.reason(e)));
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

  /**
   * Reads the recording in a directory.
   *
   * @throws IOException if there is none, or if it cannot be read; the message is one sentence that
   *     names the directory
   */
  public static Recording recording(Path directory) throws IOException {
    DirectoryStore store = open(directory);
    try {
      return Recording.read(store);
    } catch (RecordingException e) {
      String message = String.valueOf(e.getMessage());
      throw message.contains(directory.toString())
          ? e
          : new RecordingException(directory + ": " + message);
    }
  }

  @Override
  public void write(String name, byte[] content) throws IOException {
    try (Appender file = append(name)) {
      file.append(content);
    }
  }

  /** The directory. */
  public Path directory() {
    return directory;
  }

  @Override
  public Appender append(String name) throws IOException {
    Path path = directory.resolve(name);
    try {
      return new FileAppender(path, HostFiles.create(path));
    } catch (IOException e) {
      throw cannotBeWritten(path, e);
    }
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

  private static RecordingException cannotBeWritten(Path path, IOException e) {
    return new RecordingException(
        "The file %s cannot be written: %s.".formatted(path, HostFiles.reason(e)));
  }

  /**
   * A file that is being written.
   *
   * @param path its path, for sentences
   * @param channel where bytes go
   */
  record FileAppender(Path path, FileChannel channel) implements Appender {
    @Override
    public void append(byte[] bytes) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      try {
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      } catch (IOException e) {
        throw cannotBeWritten(path, e);
      }
    }

    @Override
    public void close() throws IOException {
      try (channel) {
        channel.force(true);
      } catch (IOException e) {
        throw cannotBeWritten(path, e);
      }
    }
  }
}
