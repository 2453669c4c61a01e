package dev.hindsight.bench.guest;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process whose output says when work begins and ends: {@code @begin NAME} at the end of a line;
 * later an empty line, and {@code @end NAME REPORT} as the next. Times are those of the ends of the
 * first two lines.
 */
final class Console {
  private static final String BEGIN = "@begin ";
  private static final String END = "@end ";
  private static final int KEPT_LINES = 20;
  private static final int LINE = 400;

  private final List<String> command;
  private final Path directory;
  private final Map<String, Timing> timings = new LinkedHashMap<>();
  private final List<String> lastLines = new ArrayList<>();
  private String running = "";
  private long begun;
  private long previousLine;

  private Console(List<String> command, Path directory) {
    this.command = command;
    this.directory = directory;
  }

  /**
   * Runs a command until it ends, or says so.
   *
   * @param directory where it runs
   * @param last a line at which it is ended by force; empty for none
   * @return what it did, by names
   * @throws IOException if it cannot be started, or did nothing
   */
  static Map<String, Timing> follow(List<String> command, Path directory, String last)
      throws IOException {
    return new Console(command, directory).run(last);
  }

  private Map<String, Timing> run(String last) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true);
    Process process = builder.start();
    try (InputStream in = new BufferedInputStream(process.getInputStream())) {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c >= 0; c = in.read()) {
        if (c == '\n') {
          line(line.toString().strip(), System.nanoTime());
          if (!last.isEmpty() && line.toString().strip().equals(last)) {
            break;
          }
          line.setLength(0);
        } else if (line.length() < LINE) {
          line.append(new String(new byte[] {(byte) c}, StandardCharsets.ISO_8859_1));
        }
      }
      if (last.isEmpty()) {
        await(process);
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }
    if (timings.isEmpty()) {
      throw new IOException(
          String.join(" ", command) + " did no work:\n" + String.join("\n", lastLines));
    }
    return timings;
  }

  private void await(Process process) throws IOException {
    try {
      if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
        System.err.println(command.getFirst() + " failed:\n" + String.join("\n", lastLines));
      }
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }

  private void line(String line, long time) {
    int begin = line.indexOf(BEGIN);
    if (begin >= 0) {
      running = line.substring(begin + BEGIN.length());
      begun = time;
    } else if (line.startsWith(END + running + " ")) {
      String report = line.substring(END.length() + running.length() + 1);
      timings.put(running, new Timing((previousLine - begun) / 1e6, report));
      running = "";
    }
    previousLine = time;
    lastLines.add(line);
    if (lastLines.size() > KEPT_LINES) {
      lastLines.removeFirst();
    }
  }
}
