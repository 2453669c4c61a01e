package dev.hindsight.cpu.floating;

import java.math.BigInteger;

/**
 * A number from 0 up to 1 in steps of 2^-128: what the transcendental functions are computed in.
 *
 * @param high the upper 64 bits
 * @param low the lower 64 bits
 */
record Fraction(long high, long low) {
  static final int BITS = 128;
  static final Fraction ZERO = new Fraction(0, 0);

  /** A number of 128 bits, taken as a multiple of 2^-128. */
  static Fraction of(BigInteger n) {
    return new Fraction(n.shiftRight(64).longValue(), n.longValue());
  }

  boolean isZero() {
    return (high | low) == 0;
  }

  /** Zeros before the first one; 128 if it is zero. */
  int leadingZeros() {
    return high != 0 ? Long.numberOfLeadingZeros(high) : 64 + Long.numberOfLeadingZeros(low);
  }

  boolean isLess(Fraction other) {
    return Wide.isLess(high, low, other.high, other.low);
  }

  /** The sum, modulo 1. */
  Fraction plus(Fraction other) {
    long sum = low + other.low;
    return new Fraction(high + other.high + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0), sum);
  }

  /** The difference, modulo 1. */
  Fraction minus(Fraction other) {
    return new Fraction(
        high - other.high - (Long.compareUnsigned(low, other.low) < 0 ? 1 : 0), low - other.low);
  }

  /** 1 minus this (0 stays 0). */
  Fraction complement() {
    return ZERO.minus(this);
  }

  /** Cuts off what does not fit. */
  Fraction shiftRight(int count) {
    if (count == 0) {
      return this;
    }
    if (count >= BITS) {
      return ZERO;
    }
    return count < 64
        ? new Fraction(high >>> count, high << -count | low >>> count)
        : new Fraction(0, high >>> (count - 64));
  }

  /** Modulo 1; the count is less than 128. */
  Fraction shiftLeft(int count) {
    if (count == 0) {
      return this;
    }
    return count < 64
        ? new Fraction(high << count | low >>> -count, low << count)
        : new Fraction(low << (count - 64), 0);
  }

  /** The product, cut off. */
  Fraction times(Fraction other) {
    long a = high * other.low;
    long b = low * other.high;
    long sum = a + b;
    long carry = Long.compareUnsigned(sum, a) < 0 ? 1 : 0;
    long all = sum + Math.unsignedMultiplyHigh(low, other.low);
    carry += Long.compareUnsigned(all, sum) < 0 ? 1 : 0;
    return new Fraction(Math.unsignedMultiplyHigh(high, other.high), high * other.high)
        .plus(new Fraction(0, Math.unsignedMultiplyHigh(high, other.low)))
        .plus(new Fraction(0, Math.unsignedMultiplyHigh(low, other.high)))
        .plus(new Fraction(0, carry));
  }

  /**
   * The quotient, cut off.
   *
   * @param divisor greater than this, and at least 1/2
   */
  Fraction over(Fraction divisor) {
    long first = digit(high, low, 0, divisor);
    Fraction rest = rest(low, 0, first, divisor);
    long second = digit(rest.high, rest.low, 0, divisor);
    return new Fraction(first, second);
  }

  /** The quotient of 192 bits, less than 2^64, by the divisor (Knuth, volume 2, algorithm D). */
  private static long digit(long n2, long n1, long n0, Fraction d) {
    long q = n2 == d.high ? -1 : Wide.divide(n2, n1, d.high);
    while (exceeds(q, d, n2, n1, n0)) {
      q--;
    }
    return q;
  }

  /** Whether {@code q * d} is more than a number of 192 bits. */
  private static boolean exceeds(long q, Fraction d, long n2, long n1, long n0) {
    long low = q * d.low;
    long cross = Math.unsignedMultiplyHigh(q, d.low);
    long middle = q * d.high + cross;
    long top =
        Math.unsignedMultiplyHigh(q, d.high) + (Long.compareUnsigned(middle, cross) < 0 ? 1 : 0);
    return top != n2 ? Long.compareUnsigned(top, n2) > 0 : Wide.isLess(n1, n0, middle, low);
  }

  /** The lower 128 bits of a number minus {@code q * d}. */
  private static Fraction rest(long n1, long n0, long q, Fraction d) {
    long low = q * d.low;
    long middle = q * d.high + Math.unsignedMultiplyHigh(q, d.low);
    return new Fraction(n1, n0).minus(new Fraction(middle, low));
  }
}
