package dev.hindsight.cpu.instructions.mmx;

/**
 * Shifts of all elements of a quadword by one count, and of each doubleword or quadword by its own.
 * Counts are unsigned; logical shifts beyond the element give 0, arithmetic ones its sign.
 */
final class PackedShift {
  private static final long WORD_ONES = 0x0001_0001_0001_0001L;
  private static final long DOUBLEWORD_ONES = 0x0000_0001_0000_0001L;

  private PackedShift() {}

  static long leftWords(long a, long count) {
    return count > 15 ? 0 : (a << count) & (0xFFFFL >>> count << count) * WORD_ONES;
  }

  static long rightWords(long a, long count) {
    return count > 15 ? 0 : (a >>> count) & (0xFFFFL >>> count) * WORD_ONES;
  }

  static long arithmeticWords(long a, long count) {
    int n = (int) Math.min(count, 15);
    long r = 0;
    for (int i = 0; i < 64; i += 16) {
      r |= ((short) (a >>> i) >> n & 0xFFFFL) << i;
    }
    return r;
  }

  static long leftDoublewords(long a, long count) {
    return count > 31 ? 0 : (a << count) & (0xFFFF_FFFFL >>> count << count) * DOUBLEWORD_ONES;
  }

  static long rightDoublewords(long a, long count) {
    return count > 31 ? 0 : (a >>> count) & (0xFFFF_FFFFL >>> count) * DOUBLEWORD_ONES;
  }

  static long arithmeticDoublewords(long a, long count) {
    int n = (int) Math.min(count, 31);
    return ((int) a >> n & 0xFFFF_FFFFL) | (long) ((int) (a >>> 32) >> n) << 32;
  }

  static long leftQuadword(long a, long count) {
    return count > 63 ? 0 : a << count;
  }

  static long rightQuadword(long a, long count) {
    return count > 63 ? 0 : a >>> count;
  }

  /** VPSLLVD on one doubleword. */
  static int leftByOwn(int a, int count) {
    return (count & ~31) != 0 ? 0 : a << count;
  }

  /** VPSRLVD on one doubleword. */
  static int rightByOwn(int a, int count) {
    return (count & ~31) != 0 ? 0 : a >>> count;
  }

  /** VPSRAVD on one doubleword. */
  static int arithmeticByOwn(int a, int count) {
    return a >> ((count & ~31) != 0 ? 31 : count);
  }

  /** VPSLLVQ. */
  static long leftByOwn(long a, long count) {
    return (count & ~63) != 0 ? 0 : a << count;
  }

  /** VPSRLVQ. */
  static long rightByOwn(long a, long count) {
    return (count & ~63) != 0 ? 0 : a >>> count;
  }
}
