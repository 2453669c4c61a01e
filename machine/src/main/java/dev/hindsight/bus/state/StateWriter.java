package dev.hindsight.bus.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes in the making: little-endian, and nothing but what is put in. */
public final class StateWriter {
  private ByteBuffer buffer = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);

  /** Without bytes. */
  public StateWriter() {}

  /** Appends one byte. */
  public void putByte(int value) {
    room(1).put((byte) value);
  }

  /** Appends two bytes. */
  public void putShort(int value) {
    room(2).putShort((short) value);
  }

  /** Appends four bytes. */
  public void putInt(int value) {
    room(4).putInt(value);
  }

  /** Appends eight bytes. */
  public void putLong(long value) {
    room(8).putLong(value);
  }

  /** Appends bytes as they are. */
  public void putBytes(byte[] bytes) {
    room(bytes.length).put(bytes);
  }

  /** Appends a string: its length in bytes, then UTF-8. */
  public void putString(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    putInt(bytes.length);
    putBytes(bytes);
  }

  /** Number of bytes so far. */
  public int size() {
    return buffer.position();
  }

  /** A copy of the bytes so far. */
  public byte[] toBytes() {
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  /** Forgets all bytes and keeps the room for them. */
  public void clear() {
    buffer.clear();
  }

  private ByteBuffer room(int bytes) {
    if (buffer.remaining() < bytes) {
      int capacity = Math.max(2 * buffer.capacity(), buffer.position() + bytes);
      ByteBuffer larger = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
      larger.put(buffer.flip());
      buffer = larger;
    }
    return buffer;
  }
}
