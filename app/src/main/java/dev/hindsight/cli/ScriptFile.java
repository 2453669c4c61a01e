package dev.hindsight.cli;

import dev.hindsight.timeline.live.ConsoleScript;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A script for the console: lines of the form {@code wait for this => type that}.
 *
 * <p>What is typed ends with Enter, unless its last characters are {@code \c}. Both sides know the
 * escapes {@code \r \n \t \e \s} (a space) {@code \\} and {@code \xHH}. Spaces around either side
 * do not count. Empty lines and lines that begin with {@code #} are skipped.
 */
final class ScriptFile {
  private static final String ARROW = "=>";
  private static final String ENTER = "\r";

  private final Path path;
  private int number;

  private ScriptFile(Path path) {
    this.path = path;
  }

  /** Reads a script. */
  static List<ConsoleScript.Step> read(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new IllegalArgumentException("The script " + path + " is a directory.");
    }
    // ISO 8859-1 keeps bytes as they are, whatever encoding the file has
    return new ScriptFile(path)
        .parse(Files.readString(path, StandardCharsets.ISO_8859_1).lines().toList());
  }

  private List<ConsoleScript.Step> parse(List<String> lines) {
    List<ConsoleScript.Step> steps = new ArrayList<>();
    for (String line : lines) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      int arrow = line.indexOf(ARROW);
      if (arrow < 0) {
        throw problem("has no " + ARROW + " between what is waited for and what is typed");
      }
      String type = line.substring(arrow + ARROW.length()).strip();
      boolean enter = !type.endsWith("\\c");
      String keys = unescape(enter ? type : type.substring(0, type.length() - 2));
      steps.add(
          new ConsoleScript.Step(
              unescape(line.substring(0, arrow).strip()), enter ? keys + ENTER : keys));
    }
    return steps;
  }

  private String unescape(String text) {
    StringBuilder result = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i++);
      if (c != '\\') {
        result.append(c);
        continue;
      }
      char kind = i < text.length() ? text.charAt(i++) : ' ';
      switch (kind) {
        case 'r' -> result.append('\r');
        case 'n' -> result.append('\n');
        case 't' -> result.append('\t');
        case 'e' -> result.append('\033');
        case 's' -> result.append(' ');
        case '\\' -> result.append('\\');
        case 'x' -> {
          result.append(hexadecimal(text, i));
          i += 2;
        }
        default -> throw problem("has an escape that is none of \\r \\n \\t \\e \\s \\\\ \\xHH");
      }
    }
    return result.toString();
  }

  private char hexadecimal(String text, int from) {
    if (from + 2 <= text.length()) {
      int high = Character.digit(text.charAt(from), 16);
      int low = Character.digit(text.charAt(from + 1), 16);
      if (high >= 0 && low >= 0) {
        return (char) (high << 4 | low);
      }
    }
    throw problem("has a \\x without two hexadecimal digits");
  }

  private IllegalArgumentException problem(String what) {
    return new IllegalArgumentException("Line " + number + " of " + path + " " + what + ".");
  }
}
