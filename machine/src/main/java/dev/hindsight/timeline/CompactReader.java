package dev.hindsight.timeline;

import dev.hindsight.bus.state.StateFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Takes apart what a {@link CompactWriter} put together. Whatever the bytes are, it throws nothing
 * but {@link StateFormatException}, and never makes anything larger than they are.
 */
final class CompactReader {
  private final ByteBuffer in;

  CompactReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  CompactReader(byte[] bytes, int start, int end) {
    in = ByteBuffer.wrap(bytes, start, end - start).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Reads one byte, 0 to 255. */
  int getByte() {
    return require(1).get() & 0xFF;
  }

  /** Reads eight bytes. */
  long getLong() {
    return require(Long.BYTES).getLong();
  }

  /** Reads a number that is not negative. */
  long getNumber() {
    long value = getBits();
    if (value < 0) {
      throw new StateFormatException("A number is too large.");
    }
    return value;
  }

  /** Reads a number that may be negative. */
  long getSigned() {
    long bits = getBits();
    return bits >>> 1 ^ -(bits & 1);
  }

  private long getBits() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += CompactWriter.PAYLOAD_BITS) {
      int b = getByte();
      long bits = b & CompactWriter.MORE - 1;
      if (bits << shift >>> shift != bits) {
        break;
      }
      value |= bits << shift;
      if (b < CompactWriter.MORE) {
        return value;
      }
    }
    throw new StateFormatException("A number is too large.");
  }

  /**
   * Reads how many elements follow.
   *
   * @param least how many bytes an element takes at least
   */
  int getCount(int least) {
    long count = getNumber();
    if (count > in.remaining() / least) {
      throw new StateFormatException("A list is longer than the rest of the data.");
    }
    return (int) count;
  }

  /** Reads bytes, which their number precedes. */
  byte[] getBytes() {
    byte[] bytes = new byte[getCount(1)];
    in.get(bytes);
    return bytes;
  }

  /** Reads a text: a name, which ends up in sentences, so that it has no control characters. */
  String getText() {
    byte[] bytes = getBytes();
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.chars().anyMatch(Character::isISOControl)) {
        throw new StateFormatException("A name has control characters.");
      }
      return text;
    } catch (CharacterCodingException e) {
      throw new StateFormatException("A text is not UTF-8.", e);
    }
  }

  int position() {
    return in.position();
  }

  int remaining() {
    return in.remaining();
  }

  /** Makes sure that everything was read. */
  void end() {
    if (in.hasRemaining()) {
      throw new StateFormatException("An entry is longer than what it holds.");
    }
  }

  private ByteBuffer require(int bytes) {
    if (in.remaining() < bytes) {
      throw new StateFormatException("The data end in the middle of a value.");
    }
    return in;
  }
}
