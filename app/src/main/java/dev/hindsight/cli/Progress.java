package dev.hindsight.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Tells people who watch what takes so long; scripts hear nothing. */
public final class Progress {
  /** Erases the rest of the line. */
  private static final String ERASE = "\u001b[K";

  /** Tells nobody. */
  static final Consumer<String> NONE = text -> {};

  private Progress() {}

  /** Writes to the standard error output if that is a terminal. */
  static Consumer<String> onTerminal() {
    return isTerminal() ? text -> System.err.println(text + "…") : NONE;
  }

  /**
   * Writes to one line of the standard error output, if that is a terminal; an empty text clears
   * it.
   */
  public static Consumer<String> line() {
    return isTerminal() ? text -> System.err.print("\r" + text + ERASE) : NONE;
  }

  /** The JDK only knows whether both input and output are terminals, so Linux is asked. */
  private static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException e) {
      return false;
    }
  }
}
