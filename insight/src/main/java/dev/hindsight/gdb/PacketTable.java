package dev.hindsight.gdb;

import java.io.IOException;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Who answers which packet, by what packets begin with. */
final class PacketTable {
  /** The reply to a packet that is not known. */
  static final String UNKNOWN = "";

  static final String OK = "OK";

  /** Longer beginnings first. */
  private final Map<String, Handler> handlers =
      new TreeMap<>(Comparator.comparingInt(String::length).reversed().thenComparing(s -> s));

  /** Answers packets. */
  @FunctionalInterface
  interface Handler {
    /**
     * Does what a packet asks for.
     *
     * @param rest what follows the beginning by which it was found
     * @return the reply, or null if there is none
     * @throws PacketException if the reply is an error
     * @throws IOException if the target cannot do it; its message is a sentence
     */
    @Nullable String answer(String rest) throws IOException;
  }

  /** Has packets that begin with something answered. */
  void on(String beginning, Handler handler) {
    handlers.put(beginning, handler);
  }

  /** Has a packet answered that is always the same. */
  void onExactly(String packet, Handler handler) {
    handlers.put(packet, rest -> rest.isEmpty() ? handler.answer(rest) : UNKNOWN);
  }

  /** Answers a packet. */
  @Nullable String answer(String packet) throws IOException {
    for (Map.Entry<String, Handler> e : handlers.entrySet()) {
      if (packet.startsWith(e.getKey())) {
        return e.getValue().answer(packet.substring(e.getKey().length()));
      }
    }
    return UNKNOWN;
  }
}
