package dev.hindsight.bus.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Takes apart what a {@link StateWriter} put together. Never reads past the end. */
public final class StateReader {
  private final ByteBuffer buffer;

  /** Reads all of an array. */
  public StateReader(byte[] bytes) {
    buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Reads one byte, sign-extended. */
  public byte getByte() {
    return require(1).get();
  }

  /** Reads two bytes. */
  public short getShort() {
    return require(2).getShort();
  }

  /** Reads four bytes. */
  public int getInt() {
    return require(4).getInt();
  }

  /** Reads eight bytes. */
  public long getLong() {
    return require(8).getLong();
  }

  /** Reads so many bytes as they are. */
  public byte[] getBytes(int count) {
    if (count < 0) {
      throw new StateFormatException("A length is negative.");
    }
    require(count);
    byte[] bytes = new byte[count];
    buffer.get(bytes);
    return bytes;
  }

  /** Reads a string. */
  public String getString() {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(getBytes(getInt())))
          .toString();
    } catch (CharacterCodingException e) {
      throw new StateFormatException("A text is not UTF-8.", e);
    }
  }

  /**
   * Reads the length of a sequence.
   *
   * @param least how many bytes an element takes at least
   */
  public int getLength(int least) {
    int length = getInt();
    if (length < 0 || length > buffer.remaining() / Math.max(1, least)) {
      throw new StateFormatException("A sequence is longer than the rest of the data.");
    }
    return length;
  }

  /** Number of bytes left. */
  public int remaining() {
    return buffer.remaining();
  }

  /** Makes sure that everything was read. */
  public void end() {
    if (buffer.hasRemaining()) {
      throw new StateFormatException(
          "There are " + buffer.remaining() + " bytes more than the state has.");
    }
  }

  private ByteBuffer require(int bytes) {
    if (buffer.remaining() < bytes) {
      throw new StateFormatException("The data end in the middle of a value.");
    }
    return buffer;
  }
}
