package dev.hindsight.x86.assembler;

import java.util.Arrays;

/** Fills up to an address, or to a multiple of a number. */
final class Filling implements Statement {
  private final boolean alignment;
  private final long value;
  private final byte fill;

  private Filling(boolean alignment, long value, int fill) {
    this.alignment = alignment;
    this.value = value;
    this.fill = (byte) fill;
  }

  static Filling toMultipleOf(long bytes, int fill) {
    if (Long.bitCount(bytes) != 1) {
      throw new IllegalArgumentException("An alignment is a power of two, not " + bytes);
    }
    return new Filling(true, bytes, fill);
  }

  static Filling upTo(long address, int fill) {
    return new Filling(false, address, fill);
  }

  @Override
  public byte[] at(long address) {
    long count = alignment ? -address & value - 1 : value - address;
    if (count < 0 || count > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          String.format("The program is at %#x already, beyond %#x.", address, value));
    }
    byte[] bytes = new byte[(int) count];
    Arrays.fill(bytes, fill);
    return bytes;
  }
}
