package dev.hindsight.bench.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A program with an amount of work.
 *
 * @param name what it is called in the table
 * @param group the class of work that it stands for
 * @param amount how much of its work it does; at least 1
 * @param program the file
 * @param arguments what it is told besides name and amount
 */
record Row(String name, String group, long amount, String program, List<String> arguments) {
  private static final int FIELDS = 4;
  private static final String SYSTEM_PROGRAMS = "/usr/bin/";

  /** Reads a file of rows: the fields in order, separated by spaces; # begins a comment line. */
  static List<Row> read(Path file) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      if (!line.startsWith("#") && !line.isBlank()) {
        List<String> fields = List.of(line.strip().split(" +"));
        rows.add(
            new Row(
                fields.get(0),
                fields.get(1),
                Long.parseLong(fields.get(2)),
                fields.get(3),
                fields.subList(FIELDS, fields.size())));
      }
    }
    return rows;
  }

  /** The same with another amount. */
  Row scaled(double scale) {
    return new Row(name, group, Math.max(1, Math.round(amount * scale)), program, arguments);
  }

  /** Whether this host has what it needs of the distribution's programs. */
  boolean isAvailable() {
    return arguments.stream()
        .filter(a -> a.startsWith(SYSTEM_PROGRAMS))
        .allMatch(a -> Files.isExecutable(Path.of(a)));
  }

  /** The shell's command for it. */
  String command() {
    List<String> words = new ArrayList<>(List.of("./" + program, name, Long.toString(amount)));
    words.addAll(arguments);
    return words.stream().map(w -> "'" + w + "'").collect(Collectors.joining(" "));
  }
}
