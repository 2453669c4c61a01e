package dev.hindsight.device.acpi;

import dev.hindsight.bus.IoRegion;

/**
 * Registers of up to four bytes that may be accessed in any part.
 *
 * <p>A part that reaches past their end reads as zeros there, and what is written there is lost.
 */
final class RegisterFile implements IoRegion {
  private final int length;
  private final Contents contents;

  /** What the registers hold, as one little-endian number. */
  interface Contents {
    /** All of it. */
    int get();

    /**
     * Some of its bytes are written.
     *
     * @param value the new value of these bytes, in their place
     * @param mask all ones in each byte that is written
     */
    void put(int value, int mask);
  }

  RegisterFile(int length, Contents contents) {
    this.length = length;
    this.contents = contents;
  }

  @Override
  public long read(long offset, int bytes) {
    return peek(offset, bytes);
  }

  @Override
  public long peek(long offset, int bytes) {
    long all = contents.get() & 0xFFFF_FFFFL;
    return all >>> shift(offset) & -1L >>> 64 - 8 * bytes;
  }

  @Override
  public void write(long offset, int bytes, long value) {
    long part = -1L >>> 64 - 8 * bytes;
    contents.put((int) (value << shift(offset)), (int) (part << shift(offset)));
  }

  private int shift(long offset) {
    return 8 * ((int) offset & length - 1);
  }
}
