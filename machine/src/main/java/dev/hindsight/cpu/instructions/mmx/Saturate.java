package dev.hindsight.cpu.instructions.mmx;

/** Saturation of integers, and the packing instructions made of it. */
final class Saturate {
  private Saturate() {}

  static int signedByte(int x) {
    return Math.clamp(x, Byte.MIN_VALUE, Byte.MAX_VALUE);
  }

  static int signedWord(int x) {
    return Math.clamp(x, Short.MIN_VALUE, Short.MAX_VALUE);
  }

  /** PACKSSWB: four signed words to four signed bytes. */
  static long wordsToSignedBytes(long q) {
    long r = 0;
    for (int i = 0; i < 4; i++) {
      r |= (signedByte((short) (q >>> (16 * i))) & 0xFFL) << (8 * i);
    }
    return r;
  }

  /** PACKUSWB: four signed words to four unsigned bytes. */
  static long wordsToUnsignedBytes(long q) {
    long r = 0;
    for (int i = 0; i < 4; i++) {
      r |= (long) Math.clamp((short) (q >>> (16 * i)), 0, 0xFF) << (8 * i);
    }
    return r;
  }

  /** PACKSSDW: two signed doublewords to two signed words. */
  static long doublewordsToSignedWords(long q) {
    return (signedWord((int) q) & 0xFFFFL) | (signedWord((int) (q >>> 32)) & 0xFFFFL) << 16;
  }

  /** PACKUSDW: two signed doublewords to two unsigned words. */
  static long doublewordsToUnsignedWords(long q) {
    int low = (int) q;
    int high = (int) (q >>> 32);
    return Math.clamp(low, 0, 0xFFFF) | (long) Math.clamp(high, 0, 0xFFFF) << 16;
  }
}
