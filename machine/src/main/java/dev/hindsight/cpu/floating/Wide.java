package dev.hindsight.cpu.floating;

/** Integer arithmetic on 128 bits, as far as significands need it. All numbers are unsigned. */
final class Wide {
  private static final long LOW_32 = 0xFFFF_FFFFL;

  /** Square roots of {@code (n << 8) + 255}, rounded down, for n from 64 to 255. */
  private static final short[] ROOTS = roots();

  private Wide() {}

  private static short[] roots() {
    short[] roots = new short[256];
    int root = 0;
    for (int n = 0; n < 256; n++) {
      while ((root + 1) * (root + 1) <= (n << 8) + 255) {
        root++;
      }
      roots[n] = (short) root;
    }
    return roots;
  }

  /** Shifts right; the lowest bit of the result is also set if a bit is lost. */
  static long shiftRightSticky(long value, int count) {
    if (count < 64) {
      return count == 0 ? value : value >>> count | ((value << -count) != 0 ? 1 : 0);
    }
    return value != 0 ? 1 : 0;
  }

  /** High half of a 128-bit number shifted right by less than 128. */
  static long shiftRightHigh(long high, int count) {
    return count < 64 ? high >>> count : 0;
  }

  /** Low half of a 128-bit number shifted right; sticky. Any count from 0. */
  static long shiftRightLowSticky(long high, long low, int count) {
    if (count == 0) {
      return low;
    }
    if (count < 64) {
      return high << -count | low >>> count | ((low << -count) != 0 ? 1 : 0);
    }
    if (count == 64) {
      return high | (low != 0 ? 1 : 0);
    }
    return shiftRightSticky(high, count - 64) | (low != 0 ? 1 : 0);
  }

  /**
   * Quotient of a 128-bit number by a divisor whose bit 63 is set, rounded down.
   *
   * @param high must be less than the divisor
   */
  static long divide(long high, long low, long divisor) {
    // long division with two digits of 32 bits (Knuth, volume 2, algorithm D)
    long d1 = divisor >>> 32;
    long d0 = divisor & LOW_32;
    long q1 = digit(high, low >>> 32, d1, d0);
    long rest = (high << 32 | low >>> 32) - q1 * divisor;
    long q0 = digit(rest, low & LOW_32, d1, d0);
    return q1 << 32 | q0;
  }

  private static long digit(long high, long next, long d1, long d0) {
    long q = Long.divideUnsigned(high, d1);
    long r = high - q * d1;
    while (q > LOW_32 || Long.compareUnsigned(q * d0, r << 32 | next) > 0) {
      q--;
      r += d1;
      if (r > LOW_32) {
        break;
      }
    }
    return q;
  }

  /** Square root of a 64-bit number of at least 2^62, rounded down. */
  static long squareRoot64(long n) {
    // each step doubles the digits (Zimmermann, "Karatsuba Square Root"): 8, 16, 32 bits
    int n16 = (int) (n >>> 48);
    long s = ROOTS[n16 >>> 8];
    if (s * s > n16) {
      s--;
    }
    long n32 = n >>> 32;
    s = refine(s, n16 - s * s, n32 & 0xFFFF, 8);
    s -= s * s > n32 ? 1 : 0;
    s = refine(s, n32 - s * s, n & LOW_32, 16);
    // s has 32 bits, so that its square is unsigned
    return Long.compareUnsigned(s * s, n) > 0 ? s - 1 : s;
  }

  /** Square root of a 128-bit number of at least 2^126, rounded down. */
  static long squareRoot(long high, long low) {
    long s = squareRoot64(high);
    long root = refine(s, high - s * s, low, 32);
    while (isLess(high, low, Math.unsignedMultiplyHigh(root, root), root * root)) {
      root--;
    }
    return root;
  }

  /**
   * A root of twice the digits, right or one too large.
   *
   * @param root the root of the upper half
   * @param rest what the upper half has above the square of it
   * @param lower the lower half, of {@code 2 * bits} bits
   */
  private static long refine(long root, long rest, long lower, int bits) {
    long q = Long.divideUnsigned(rest << (bits - 1) | lower >>> (bits + 1), root);
    return (root << bits) + Math.min(q, (1L << bits) - 1);
  }

  /** Whether one 128-bit number is less than another. */
  static boolean isLess(long aHigh, long aLow, long bHigh, long bLow) {
    return aHigh == bHigh
        ? Long.compareUnsigned(aLow, bLow) < 0
        : Long.compareUnsigned(aHigh, bHigh) < 0;
  }
}
