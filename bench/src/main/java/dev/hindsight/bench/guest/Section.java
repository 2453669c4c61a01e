package dev.hindsight.bench.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A part of a Markdown file that is written by a program: what is between two comments. */
record Section(Path file, String name) {
  /**
   * Replaces it.
   *
   * @throws IOException if the file has no such comments
   */
  void write(String text) throws IOException {
    String before = Files.readString(file);
    String first = "<!-- begin " + name + " -->\n";
    int begin = before.indexOf(first);
    int end = before.indexOf("<!-- end " + name + " -->");
    if (begin < 0 || end < begin) {
      throw new IOException(file + " has no place for " + name + ".");
    }
    Files.writeString(
        file, before.substring(0, begin + first.length()) + text + before.substring(end));
  }
}
