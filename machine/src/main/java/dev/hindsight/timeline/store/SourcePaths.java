package dev.hindsight.timeline.store;

import dev.hindsight.timeline.RecordingException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Paths as a description has them. */
public final class SourcePaths {
  private SourcePaths() {}

  /**
   * The file that a path of a description means.
   *
   * @param directory that of the recording
   * @throws RecordingException if it cannot be a path on this host
   */
  public static Path resolve(Path directory, String path) throws RecordingException {
    try {
      return directory.toAbsolutePath().resolve(path);
    } catch (InvalidPathException e) {
      throw new RecordingException("There cannot be a file " + path + " on this host.");
    }
  }
}
