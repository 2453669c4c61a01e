package dev.hindsight.cpu.instructions.mmx;

/** Products of packed integers, one quadword at a time. */
final class PackedMultiply {
  private PackedMultiply() {}

  private static int signedWord(long x, int at) {
    return (short) (x >>> at);
  }

  private static int word(long x, int at) {
    return (int) (x >>> at) & 0xFFFF;
  }

  /** PMULLW: bits 15:0 of the products of words. */
  static long lowWords(long a, long b) {
    long r = 0;
    for (int i = 0; i < 64; i += 16) {
      r |= (word(a, i) * word(b, i) & 0xFFFFL) << i;
    }
    return r;
  }

  /** PMULHW: bits 31:16 of the signed products of words. */
  static long highWords(long a, long b) {
    long r = 0;
    for (int i = 0; i < 64; i += 16) {
      r |= (signedWord(a, i) * signedWord(b, i) >>> 16 & 0xFFFFL) << i;
    }
    return r;
  }

  /** PMULHUW: bits 31:16 of the unsigned products of words. */
  static long highWordsUnsigned(long a, long b) {
    long r = 0;
    for (int i = 0; i < 64; i += 16) {
      r |= (word(a, i) * word(b, i) >>> 16 & 0xFFFFL) << i;
    }
    return r;
  }

  /** PMULHRSW: signed products of words as fractions, rounded to bits 30:15. */
  static long highWordsRounded(long a, long b) {
    long r = 0;
    for (int i = 0; i < 64; i += 16) {
      int product = signedWord(a, i) * signedWord(b, i);
      r |= ((product >> 14) + 1 >>> 1 & 0xFFFFL) << i;
    }
    return r;
  }

  /** PMADDWD: sums of adjacent signed products of words, as doublewords that wrap. */
  static long addWordPairs(long a, long b) {
    int low = signedWord(a, 0) * signedWord(b, 0) + signedWord(a, 16) * signedWord(b, 16);
    int high = signedWord(a, 32) * signedWord(b, 32) + signedWord(a, 48) * signedWord(b, 48);
    return (low & 0xFFFF_FFFFL) | ((long) high << 32);
  }

  /**
   * PMADDUBSW: sums of adjacent products of unsigned bytes of {@code a} and signed bytes of {@code
   * b}, saturated to signed words.
   */
  static long addBytePairs(long a, long b) {
    long r = 0;
    for (int i = 0; i < 64; i += 16) {
      int sum =
          ((int) (a >>> i) & 0xFF) * (byte) (b >>> i)
              + ((int) (a >>> (i + 8)) & 0xFF) * (byte) (b >>> (i + 8));
      r |= (Saturate.signedWord(sum) & 0xFFFFL) << i;
    }
    return r;
  }

  /** PMULUDQ: product of the unsigned low doublewords. */
  static long lowDoublewordsUnsigned(long a, long b) {
    return (a & 0xFFFF_FFFFL) * (b & 0xFFFF_FFFFL);
  }

  /** PMULDQ: product of the signed low doublewords. */
  static long lowDoublewordsSigned(long a, long b) {
    return (long) (int) a * (int) b;
  }

  /** PSADBW: sum of the absolute differences of unsigned bytes. */
  static long sumOfDifferences(long a, long b) {
    int sum = 0;
    for (int i = 0; i < 64; i += 8) {
      sum += Math.abs(((int) (a >>> i) & 0xFF) - ((int) (b >>> i) & 0xFF));
    }
    return sum;
  }
}
