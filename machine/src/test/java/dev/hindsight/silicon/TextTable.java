package dev.hindsight.silicon;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the suite's tables: lines of columns between bars; lines that start with # are skipped. */
final class TextTable {
  private TextTable() {}

  /**
   * The rows of a table.
   *
   * @param name of a resource beside this class
   * @param columns that each row must have
   */
  static List<List<String>> read(String name, int columns) {
    List<List<String>> rows = new ArrayList<>();
    try (InputStream in = TextTable.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("there is no " + name);
      }
      BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        List<String> row = list(line, "\\|");
        if (row.size() != columns) {
          throw new IllegalStateException(name + ": not " + columns + " columns: " + line);
        }
        rows.add(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  /** The parts of a text between separators, without blanks around them. */
  static List<String> list(String text, String separator) {
    return Arrays.stream(text.split(separator, -1)).map(String::strip).toList();
  }
}
