package dev.hindsight.gdb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Sentences for the person at the debugger. A debugger prints what comes while the target runs, so
 * they wait until it does.
 */
final class Notices {
  private static final int MOST = 20;

  private final PacketChannel channel;
  private final List<String> waiting = new ArrayList<>();

  Notices(PacketChannel channel) {
    this.channel = channel;
  }

  /** Adds a sentence, unless it waits already. */
  void add(String sentence) {
    if (!waiting.contains(sentence) && waiting.size() < MOST) {
      waiting.add(sentence);
    }
  }

  /** Sends those that wait; the target counts as running. */
  void send() throws IOException {
    for (String sentence : waiting) {
      channel.send("O" + Hex.of(sentence + "\n"));
    }
    waiting.clear();
  }

  /** What an exception says. */
  static String sentence(Exception e) {
    String message = e.getMessage();
    return message == null ? "An error of its own: " + e + "." : message;
  }
}
