package dev.hindsight.cli;

import dev.hindsight.timeline.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/** Where recordings go that nobody named a place for: among the user's state, by date. */
final class RecordingPlace {
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private RecordingPlace() {}

  /**
   * A directory that does not exist yet; its parent does.
   *
   * @param environment has XDG_STATE_HOME, or HOME
   */
  static Path next(Map<String, String> environment, String title) throws IOException {
    String state = environment.getOrDefault("XDG_STATE_HOME", "");
    Path home = Path.of(environment.getOrDefault("HOME", System.getProperty("user.home", ".")));
    Path root = state.isEmpty() ? home.resolve(".local").resolve("state") : Path.of(state);
    Path recordings = root.resolve("hindsight").resolve("recordings");
    Files.createDirectories(recordings);
    String name =
        STAMP.format(ZonedDateTime.now(ZoneId.systemDefault()))
            + "-"
            + title.replaceAll("[^A-Za-z0-9._-]", "_");
    Path place = recordings.resolve(name);
    for (int i = 2; Files.exists(place); i++) {
      place = recordings.resolve(name + "-" + i);
    }
    return place;
  }

  /** Bytes of the log of a recording. */
  static long logBytes(Path directory) throws IOException {
    return Files.size(directory.resolve(Recording.LOG));
  }
}
