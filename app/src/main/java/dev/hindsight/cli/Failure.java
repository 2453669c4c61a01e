package dev.hindsight.cli;

import dev.hindsight.timeline.ReplayDifference;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;

/** What a failed command says, and with which status it ends. */
public final class Failure {
  /** Bad usage, or a bad file. */
  static final int BAD_INPUT = 2;

  /** A replay was not what had been recorded. */
  static final int DIVERGED = 4;

  private Failure() {}

  static String sentence(Exception e) {
    return printable(raw(e));
  }

  /**
   * A text without what could move a terminal's cursor: names may come from anybody's recording.
   */
  public static String printable(String text) {
    return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
  }

  private static String raw(Exception e) {
    return switch (e) {
      case NoSuchFileException f -> "There is no file " + f.getFile() + ".";
      case AccessDeniedException a -> "There is no permission for " + a.getFile() + ".";
      case FileAlreadyExistsException f ->
          f.getFile() + " exists already; name another place or remove it.";
      default -> {
        String message = e.getMessage();
        yield message == null || message.isEmpty()
            ? "An error of its own: " + e + "."
            : asSentence(message);
      }
    };
  }

  private static String asSentence(String message) {
    String end = message.endsWith(".") ? "" : ".";
    return Character.toUpperCase(message.charAt(0)) + message.substring(1) + end;
  }

  static int status(Exception e) {
    return switch (e) {
      case ReplayDifference d -> DIVERGED;
      case IOException io -> BAD_INPUT;
      case IllegalArgumentException i -> BAD_INPUT;
      default -> 1;
    };
  }
}
