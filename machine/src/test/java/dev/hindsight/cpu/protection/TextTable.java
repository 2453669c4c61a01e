package dev.hindsight.cpu.protection;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Rows of words from a text file; a number sign begins a comment. */
final class TextTable {
  private TextTable() {}

  static List<String[]> load(String file) {
    List<String[]> rows = new ArrayList<>();
    try (InputStream in = Objects.requireNonNull(TextTable.class.getResourceAsStream(file), file)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.split("\n", -1)) {
        String content = line.replaceFirst("#.*", "").trim();
        if (!content.isEmpty()) {
          rows.add(content.split("\\s+", -1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }
}
