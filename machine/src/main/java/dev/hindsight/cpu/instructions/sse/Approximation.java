package dev.hindsight.cpu.instructions.sse;

import dev.hindsight.cpu.floating.Binary32;

/**
 * RCPPS and RSQRTPS. The manual leaves their results open within a relative error of 1.5 * 2^-12;
 * processors differ. Here they are the exact values rounded to nearest with 12 bits of fraction,
 * which is within 2^-13.
 *
 * <p>They raise no exceptions and know no rounding mode. Denormal operands count as zeros, and
 * reciprocals of 2^126 and more are zeros: the exact ones are denormal, but that of 2^126.
 */
final class Approximation {
  private static final int SIGN = 1 << 31;
  private static final int INFINITY = 0x7F80_0000;
  private static final int QUIET = 0x0040_0000;
  private static final int FRACTION = 0x007F_FFFF;
  private static final int BIAS = 127;

  private Approximation() {}

  /** About {@code 1 / a}. */
  static int reciprocal(int a) {
    int sign = a & SIGN;
    int exponent = a >>> 23 & 0xFF;
    if (exponent == 0) {
      return sign | INFINITY;
    }
    if (exponent == 0xFF && (a & FRACTION) != 0) {
      return a | QUIET;
    }
    if (exponent >= BIAS + 126) {
      return sign;
    }
    // 1 / 1.f, in units of 2^-14, is from 2^13 (excluded) to 2^14
    long quotient = (1L << 37) / ((a & FRACTION) | 1 << 23);
    int result = 2 * BIAS - exponent;
    if (quotient < 1 << 14) {
      result--;
    } else {
      quotient >>= 1;
    }
    return pack(sign, result, quotient);
  }

  /** About {@code 1 / sqrt(a)}. */
  static int reciprocalRoot(int a) {
    int sign = a & SIGN;
    int exponent = a >>> 23 & 0xFF;
    if (exponent == 0) {
      return sign | INFINITY;
    }
    if (exponent == 0xFF && (a & FRACTION) != 0) {
      return a | QUIET;
    }
    if (sign != 0) {
      return Binary32.INDEFINITE;
    }
    if (exponent == 0xFF) {
      return 0;
    }
    // the exponent made even leaves a significand m from 1 to 4, in units of 2^-23
    int odd = exponent - BIAS & 1;
    long significand = (long) ((a & FRACTION) | 1 << 23) << odd;
    // 1 / sqrt(m), in units of 2^-14, is from 2^13 (excluded) to 2^14
    long root = squareRoot((1L << 51) / significand);
    int result = BIAS - (exponent - odd - BIAS) / 2;
    if (root < 1 << 14) {
      result--;
    } else {
      root >>= 1;
    }
    return pack(0, result, root);
  }

  /** Rounds 14 bits, the leading one included, to 13. */
  private static int pack(int sign, int exponent, long bits) {
    long rounded = (bits + 1) >> 1;
    // a carry out of the fraction moves the exponent up by itself
    return sign | (exponent - 1 << 23) + ((int) rounded << 11);
  }

  /** Square root of a number below 2^28, rounded down. */
  private static long squareRoot(long n) {
    long root = 0;
    for (long bit = 1 << 14; bit != 0; bit >>= 1) {
      long candidate = root | bit;
      if (candidate * candidate <= n) {
        root = candidate;
      }
    }
    return root;
  }
}
