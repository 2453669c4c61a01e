package dev.hindsight.cpu.floating;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Rounding of exact rational numbers to a binary format, straight from the definitions of IEEE 754:
 * the reference for the arithmetic of all formats.
 *
 * @param precision bits of a significand
 * @param minimum exponent of the least normal number
 * @param maximum exponent of the greatest number
 */
record ExactArithmetic(int precision, int minimum, int maximum) {
  static final ExactArithmetic BINARY32 = new ExactArithmetic(24, -126, 127);
  static final ExactArithmetic BINARY64 = new ExactArithmetic(53, -1022, 1023);

  /** With any precision: the range of exponents does not follow the precision control. */
  static ExactArithmetic binary80(int precision) {
    return new ExactArithmetic(precision, -16382, 16383);
  }

  /** A rounded magnitude {@code n * 2^unit} and the exceptions; n is null for infinity. */
  record Rounded(@Nullable BigInteger n, int unit, int flags) {}

  /** A rational number. */
  record Rational(BigInteger up, BigInteger down) {
    static Rational of(BigInteger n, int exponent) {
      return exponent >= 0
          ? new Rational(n.shiftLeft(exponent), BigInteger.ONE)
          : new Rational(n, BigInteger.ONE.shiftLeft(-exponent));
    }

    Rational plus(Rational o) {
      return new Rational(up.multiply(o.down).add(o.up.multiply(down)), down.multiply(o.down));
    }

    Rational times(Rational o) {
      return new Rational(up.multiply(o.up), down.multiply(o.down));
    }

    Rational over(Rational o) {
      BigInteger u = up.multiply(o.down);
      BigInteger d = down.multiply(o.up);
      return d.signum() < 0 ? new Rational(u.negate(), d.negate()) : new Rational(u, d);
    }

    /** The root, cut off after 300 bits; one more bit tells whether something was lost. */
    Rational root() {
      int zeros = Math.max(0, 2 * 300 - (up.bitLength() - down.bitLength()));
      int shift = (zeros + 1) / 2;
      BigInteger square = up.shiftLeft(2 * shift).divide(down);
      BigInteger[] root = square.sqrtAndRemainder();
      boolean exact =
          root[1].signum() == 0 && square.multiply(down).equals(up.shiftLeft(2 * shift));
      BigInteger sticky = exact ? BigInteger.ZERO : BigInteger.ONE;
      return new Rational(root[0].shiftLeft(1).add(sticky), BigInteger.ONE.shiftLeft(shift + 1));
    }
  }

  /** Rounds a number that is not zero. */
  Rounded round(Rational value, int mode) {
    boolean negative = value.up().signum() < 0;
    BigInteger up = value.up().abs();
    BigInteger down = value.down();
    int exponent = up.bitLength() - down.bitLength();
    if (compare(up, down, exponent) < 0) {
      exponent--;
    }
    int freeUnit = exponent - precision + 1;
    BigInteger free = rounded(up, down, freeUnit, negative, mode);
    boolean tiny = free.bitLength() + freeUnit - 1 < minimum;
    int unit = Math.max(exponent, minimum) - precision + 1;
    BigInteger n = rounded(up, down, unit, negative, mode);
    if (n.bitLength() + unit - 1 > maximum) {
      int flags = FloatEnvironment.OVERFLOW | FloatEnvironment.PRECISION;
      boolean infinite = mode == 0 || mode == (negative ? 1 : 2);
      BigInteger greatest = BigInteger.ONE.shiftLeft(precision).subtract(BigInteger.ONE);
      return new Rounded(infinite ? null : greatest, maximum - precision + 1, flags);
    }
    boolean inexact = compare(up, down.multiply(n), unit) != 0;
    int flags = inexact ? FloatEnvironment.PRECISION : 0;
    if (inexact && tiny) {
      flags |= FloatEnvironment.UNDERFLOW;
    }
    return new Rounded(n, unit, flags);
  }

  /** Compares {@code up} with {@code down * 2^exponent}. */
  private static int compare(BigInteger up, BigInteger down, int exponent) {
    return exponent >= 0
        ? up.compareTo(down.shiftLeft(exponent))
        : up.shiftLeft(-exponent).compareTo(down);
  }

  private static BigInteger rounded(
      BigInteger up, BigInteger down, int unit, boolean negative, int mode) {
    BigInteger u = unit < 0 ? up.shiftLeft(-unit) : up;
    BigInteger d = unit > 0 ? down.shiftLeft(unit) : down;
    BigInteger[] parts = u.divideAndRemainder(d);
    if (parts[1].signum() == 0) {
      return parts[0];
    }
    int half = parts[1].shiftLeft(1).compareTo(d);
    boolean away =
        switch (mode) {
          case 0 -> half > 0 || (half == 0 && parts[0].testBit(0));
          case 1 -> negative;
          case 2 -> !negative;
          default -> false;
        };
    return away ? parts[0].add(BigInteger.ONE) : parts[0];
  }
}
