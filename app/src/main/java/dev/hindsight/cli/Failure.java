package dev.hindsight.cli;

import dev.hindsight.timeline.ReplayDifference;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What a failed command says, and with which status it ends. */
final class Failure {
  /** Bad usage, or a bad file. */
  static final int BAD_INPUT = 2;

  /** A replay was not what had been recorded. */
  static final int DIVERGED = 4;

  private Failure() {}

  static String sentence(Exception e) {
    return switch (e) {
      case NoSuchFileException f -> "There is no file " + f.getFile() + ".";
      case FileAlreadyExistsException f ->
          f.getFile() + " exists already; name another place or remove it.";
      case AccessDeniedException f -> "Permission denied: " + f.getFile() + ".";
      case FileSystemException f when f.getReason() != null ->
          ended(f.getFile() + ": " + f.getReason());
      default -> {
        String message = e.getMessage();
        yield ended(message == null ? "An error of its own: " + e : message);
      }
    };
  }

  private static String ended(String text) {
    return text.endsWith(".") ? text : text + ".";
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
