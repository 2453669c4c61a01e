package dev.hindsight.cpu.floating;

/**
 * The environment of operations on 80-bit numbers: also a precision to round to, and the result.
 *
 * <p>A result has two parts, which do not fit one Java value; operations leave it here. While an
 * unmasked invalid operation, denormal operand or division by zero is flagged ({@link
 * #prevented()}) there is no result. After an unmasked overflow or underflow the result has its
 * exponent wrapped by 24,576 (SDM volume 1, sections 8.5.4 and 8.5.5).
 */
public final class ExtendedEnvironment extends FloatEnvironment {
  int precision = 64;
  boolean roundedUp;
  int signExponent;
  long significand;

  /** Takes rounding mode, precision and masks from an x87 control word and clears the flags. */
  public void control(int word) {
    rounding = (word >>> 10) & 3;
    masks = word & ALL;
    precision =
        switch (word >>> 8 & 3) {
          case 0 -> 24;
          case 2 -> 53;
          default -> 64;
        };
    flags = 0;
    roundedUp = false;
  }

  /** Has results rounded to all 64 bits, whatever the control word says. */
  public void fullPrecision() {
    precision = 64;
  }

  /** Sign (bit 15) and biased exponent of the result. */
  public int signExponent() {
    return signExponent;
  }

  /** Significand of the result. */
  public long significand() {
    return significand;
  }

  /** Whether the last inexact result was rounded away from zero (C1). */
  public boolean roundedUp() {
    return roundedUp;
  }

  /** Whether an unmasked exception prevented the operation: there is no result. */
  public boolean prevented() {
    return (flags & ~masks & (INVALID | DENORMAL | ZERO_DIVIDE)) != 0;
  }

  /** Makes any bits the result, without looking at them. */
  public void bits(int signExponent, long significand) {
    result(signExponent, significand);
  }

  /** Sets the result. */
  void result(int signExponent, long significand) {
    this.signExponent = signExponent;
    this.significand = significand;
  }

  /** The result of an invalid operation. */
  void invalid() {
    flags |= INVALID;
    result(Binary80.INDEFINITE_SIGN_EXPONENT, Binary80.INDEFINITE_SIGNIFICAND);
  }
}
