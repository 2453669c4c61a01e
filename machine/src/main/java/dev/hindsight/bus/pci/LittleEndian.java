package dev.hindsight.bus.pci;

/** Registers kept as bytes. What lies beyond the end reads as 0 and is not written. */
final class LittleEndian {
  private LittleEndian() {}

  static long get(byte[] registers, long offset, int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      long at = offset + i;
      if (at >= 0 && at < registers.length) {
        value |= (registers[(int) at] & 0xFFL) << 8 * i;
      }
    }
    return value;
  }

  static void put(byte[] registers, long offset, int bytes, long value) {
    for (int i = 0; i < bytes; i++) {
      long at = offset + i;
      if (at >= 0 && at < registers.length) {
        registers[(int) at] = (byte) (value >>> 8 * i);
      }
    }
  }

  /** Writes the bits that a mask allows. */
  static void put(byte[] registers, byte[] mask, long offset, int bytes, long value) {
    for (int i = 0; i < bytes; i++) {
      long at = offset + i;
      if (at >= 0 && at < registers.length) {
        int allowed = mask[(int) at];
        int written = (int) (value >>> 8 * i);
        registers[(int) at] = (byte) (registers[(int) at] & ~allowed | written & allowed);
      }
    }
  }
}
