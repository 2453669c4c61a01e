package dev.hindsight.board.multiboot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The bytes of a kernel's file, little-endian; reading beyond the end says that it was cut. */
final class KernelFile {
  private final byte[] bytes;
  private final ByteBuffer buffer;

  KernelFile(byte[] bytes) {
    this.bytes = bytes.clone();
    this.buffer = ByteBuffer.wrap(this.bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  int size() {
    return bytes.length;
  }

  int byteAt(long offset) {
    return buffer.get(index(offset, 1)) & 0xFF;
  }

  int wordAt(long offset) {
    return buffer.getShort(index(offset, 2)) & 0xFFFF;
  }

  long dwordAt(long offset) {
    return buffer.getInt(index(offset, 4)) & 0xFFFF_FFFFL;
  }

  /** 64 bits, as a number with a sign. */
  long qwordAt(long offset) {
    return buffer.getLong(index(offset, 8));
  }

  byte[] range(long offset, long length) {
    int from = index(offset, length);
    return Arrays.copyOfRange(bytes, from, from + (int) length);
  }

  private int index(long offset, long length) {
    if (offset < 0 || length < 0 || length > bytes.length || offset > bytes.length - length) {
      throw new IllegalArgumentException("it is a kernel that was cut short");
    }
    return (int) offset;
  }
}
