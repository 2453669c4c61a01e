package dev.hindsight.timeline;

import dev.hindsight.bus.state.StateWriter;
import java.nio.charset.StandardCharsets;

/**
 * Bytes of a log in the making. A number takes as many bytes as it needs: seven bits in each, the
 * lowest first, and the eighth bit set in all but the last (LEB128).
 */
final class CompactWriter {
  static final int PAYLOAD_BITS = 7;
  static final int MORE = 0x80;

  private final StateWriter out = new StateWriter();

  /** Appends one byte. */
  void putByte(int value) {
    out.putByte(value);
  }

  /** Appends eight bytes, little-endian. */
  void putLong(long value) {
    out.putLong(value);
  }

  /** Appends four bytes, little-endian. */
  void putInt(int value) {
    out.putInt(value);
  }

  /** Appends a number that is not negative. */
  void putNumber(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("negative: " + value);
    }
    putBits(value);
  }

  /** Appends a number that may be negative: 0, -1, 1, -2, 2 as 0, 1, 2, 3, 4. */
  void putSigned(long value) {
    putBits(value << 1 ^ value >> Long.SIZE - 1);
  }

  private void putBits(long value) {
    long rest = value;
    while (Long.compareUnsigned(rest, MORE) >= 0) {
      out.putByte((int) rest | MORE);
      rest >>>= PAYLOAD_BITS;
    }
    out.putByte((int) rest);
  }

  /** Appends bytes as they are. */
  void putBytes(byte[] bytes) {
    out.putBytes(bytes);
  }

  /** Appends a text: its length in bytes, then UTF-8. */
  void putText(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    putNumber(bytes.length);
    out.putBytes(bytes);
  }

  int size() {
    return out.size();
  }

  byte[] toBytes() {
    return out.toBytes();
  }

  void clear() {
    out.clear();
  }
}
