package dev.hindsight.gdb;

import org.jspecify.annotations.Nullable;

/**
 * Makes packets of bytes: {@code $body#checksum}, with acknowledgements and the interrupt byte in
 * between (GDB manual, "Overview" of the remote protocol). Whatever the bytes are, it keeps no more
 * than one packet of them.
 */
final class PacketDecoder {
  /** Most bytes between {@code $} and {@code #}. */
  static final int MOST_BYTES = 0x4000;

  /** The byte that stops a running target. */
  static final int INTERRUPT = 3;

  static final char START = '$';
  static final char END = '#';
  static final char ESCAPE = '}';

  /** What an escaped byte is exclusive-ored with. */
  static final int ESCAPED = 0x20;

  private static final int HEX = 16;

  private final StringBuilder body = new StringBuilder();
  private State state = State.BETWEEN;
  private int sum;
  private int expected;

  private enum State {
    BETWEEN,
    BODY,
    ESCAPED,
    FIRST_DIGIT,
    SECOND_DIGIT
  }

  /** What a byte has made complete. */
  sealed interface Event {
    /** A packet; its body has one character for each byte. */
    record Packet(String body) implements Event {}

    /** The other side has received what was sent. */
    record Acknowledged() implements Event {}

    /** The other side wants what was sent again. */
    record Refused() implements Event {}

    /** The target is to stop. */
    record Interrupt() implements Event {}

    /** A packet whose checksum is wrong. */
    record Damaged() implements Event {}

    /** A packet that does not end: the other side does not speak the protocol. */
    record TooLong() implements Event {}
  }

  /**
   * Takes a byte.
   *
   * @param b 0 to 255
   * @return what it completes, or null. Between packets, bytes without a meaning are passed over.
   */
  @Nullable Event accept(int b) {
    return switch (state) {
      case BETWEEN -> between(b);
      case BODY -> body(b);
      case ESCAPED -> {
        sum += b;
        state = State.BODY;
        yield append(b ^ ESCAPED);
      }
      case FIRST_DIGIT -> {
        expected = Character.digit(b, HEX) * HEX;
        state = State.SECOND_DIGIT;
        yield null;
      }
      case SECOND_DIGIT -> {
        state = State.BETWEEN;
        int digit = Character.digit(b, HEX);
        boolean right = digit >= 0 && expected + digit == (sum & 0xFF);
        yield right ? new Event.Packet(body.toString()) : new Event.Damaged();
      }
    };
  }

  private @Nullable Event between(int b) {
    return switch (b) {
      case START -> begin();
      case '+' -> new Event.Acknowledged();
      case '-' -> new Event.Refused();
      case INTERRUPT -> new Event.Interrupt();
      default -> null;
    };
  }

  /** Also in the middle of a packet: the rest of that one was lost. */
  private @Nullable Event begin() {
    body.setLength(0);
    sum = 0;
    state = State.BODY;
    return null;
  }

  private @Nullable Event body(int b) {
    switch (b) {
      case START -> {
        return begin();
      }
      case END -> {
        state = State.FIRST_DIGIT;
        return null;
      }
      case ESCAPE -> {
        sum += b;
        state = State.ESCAPED;
        return null;
      }
      default -> {
        sum += b;
        return append(b);
      }
    }
  }

  private @Nullable Event append(int b) {
    if (body.length() == MOST_BYTES) {
      state = State.BETWEEN;
      body.setLength(0);
      return new Event.TooLong();
    }
    body.append((char) b);
    return null;
  }
}
