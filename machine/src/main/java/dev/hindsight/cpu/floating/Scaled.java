package dev.hindsight.cpu.floating;

/**
 * A positive number {@code fraction * 2^exponent} whose fraction is at least 1/2; or zero.
 *
 * @param fraction 128 significant bits
 * @param exponent of any size
 */
record Scaled(Fraction fraction, int exponent) {
  static final Scaled ONE = new Scaled(new Fraction(1L << 63, 0), 1);

  /** Normalizes. */
  static Scaled of(Fraction fraction, int exponent) {
    if (fraction.high() < 0 || fraction.isZero()) {
      return new Scaled(fraction, exponent);
    }
    int zeros = fraction.leadingZeros();
    return new Scaled(fraction.shiftLeft(zeros), exponent - zeros);
  }

  /** The magnitude of a finite 80-bit number that is not zero. */
  static Scaled of(int se, long s) {
    return new Scaled(
        new Fraction(Binary80.significand(s), 0), Binary80.exponent(se, s) - Binary80.BIAS + 1);
  }

  boolean isZero() {
    return fraction.isZero();
  }

  Scaled times(Scaled other) {
    return of(fraction.times(other.fraction), exponent + other.exponent);
  }

  Scaled over(Scaled divisor) {
    boolean less = fraction.isLess(divisor.fraction);
    Fraction dividend = less ? fraction : fraction.shiftRight(1);
    return of(dividend.over(divisor.fraction), exponent - divisor.exponent + (less ? 0 : 1));
  }

  /** As a fraction of 1; the number must be less than 1. Bits below 2^-128 are cut off. */
  Fraction toFraction() {
    return fraction.shiftRight(-exponent);
  }

  /**
   * This times {@code 1 - q}, where q stands for something that is not zero even where it is too
   * small to be seen.
   */
  Scaled lessenedBy(Fraction q) {
    Fraction part = fraction.times(q);
    return of(fraction.minus(part.isZero() ? new Fraction(0, 1) : part), exponent);
  }

  /** This times {@code 1 + q}, for q up to 1/2. */
  Scaled increasedBy(Fraction q) {
    Fraction part = fraction.times(q);
    Fraction half = fraction.shiftRight(1);
    Fraction sum = half.plus(part.shiftRight(1)).plus(new Fraction(0, 1));
    return of(sum, exponent + 1);
  }

  /** Rounds to an 80-bit number; it counts as inexact. */
  void round(int sign, ExtendedEnvironment e) {
    Binary80.roundFull(sign, exponent - 1 + Binary80.BIAS, fraction.high(), fraction.low() | 1, e);
  }

  /** Rounds to an 80-bit number; exact if the bits are. */
  void roundExact(int sign, ExtendedEnvironment e) {
    Binary80.roundFull(sign, exponent - 1 + Binary80.BIAS, fraction.high(), fraction.low(), e);
  }
}
