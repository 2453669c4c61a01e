package dev.hindsight.cli.guest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * BusyBox: one program that is a whole set of commands, by the name that it is called by.
 *
 * @param program the static executable
 */
record BusyBox(byte[] program) {
  /** How the program's table of names begins: the first two commands in order are these. */
  private static final byte[] TABLE = "\0[\0[[\0".getBytes(StandardCharsets.US_ASCII);

  /**
   * The names of its commands. They are read from the program, in which they are a table of strings
   * in order that an empty string ends; it may not be executable on the host.
   *
   * @throws GuestException if there is no such table
   */
  List<String> commands() throws GuestException {
    for (int at = find(0); at >= 0; at = find(at + 1)) {
      List<String> names = names(at + 1);
      if (names.contains("sh")) {
        return names;
      }
    }
    throw new GuestException("The package busybox-static has no BusyBox that can be used.");
  }

  private List<String> names(int from) {
    List<String> names = new ArrayList<>();
    int begin = from;
    for (int i = from; i < program.length && program[begin] != 0; i++) {
      if (program[i] == 0) {
        names.add(new String(program, begin, i - begin, StandardCharsets.US_ASCII));
        begin = i + 1;
        if (begin == program.length) {
          break;
        }
      }
    }
    return names;
  }

  private int find(int from) {
    for (int i = from; i <= program.length - TABLE.length; i++) {
      int n = 0;
      while (n < TABLE.length && program[i + n] == TABLE[n]) {
        n++;
      }
      if (n == TABLE.length) {
        return i;
      }
    }
    return -1;
  }
}
