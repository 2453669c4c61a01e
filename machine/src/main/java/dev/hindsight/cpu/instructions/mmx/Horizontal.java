package dev.hindsight.cpu.instructions.mmx;

/** Sums and differences of adjacent integers: a quadword gives 32 bits. */
final class Horizontal {
  private Horizontal() {}

  private static int word(long q, int n) {
    return (short) (q >>> (16 * n));
  }

  private static long words(int low, int high) {
    return (low & 0xFFFFL) | (high & 0xFFFFL) << 16;
  }

  /** PHADDW. */
  static long addWords(long q) {
    return words(word(q, 0) + word(q, 1), word(q, 2) + word(q, 3));
  }

  /** PHSUBW: the lower element minus the higher. */
  static long subtractWords(long q) {
    return words(word(q, 0) - word(q, 1), word(q, 2) - word(q, 3));
  }

  /** PHADDSW. */
  static long addWordsSaturating(long q) {
    return words(
        Saturate.signedWord(word(q, 0) + word(q, 1)), Saturate.signedWord(word(q, 2) + word(q, 3)));
  }

  /** PHSUBSW. */
  static long subtractWordsSaturating(long q) {
    return words(
        Saturate.signedWord(word(q, 0) - word(q, 1)), Saturate.signedWord(word(q, 2) - word(q, 3)));
  }

  /** PHADDD. */
  static long addDoublewords(long q) {
    return q + (q >>> 32);
  }

  /** PHSUBD. */
  static long subtractDoublewords(long q) {
    return q - (q >>> 32);
  }
}
