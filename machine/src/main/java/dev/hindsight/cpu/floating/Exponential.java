package dev.hindsight.cpu.floating;

/**
 * F2XM1: {@code 2^x - 1} for x from -1 to 1 (SDM volume 2).
 *
 * <p>The argument is split into a multiple of 1/32, whose power is in a table, and a rest up to
 * 1/64, for which the exponential series is summed with 128 bits.
 */
public final class Exponential {
  private Exponential() {}

  /**
   * {@code 2^x - 1}. Beyond -1 to 1, where the manual leaves the result undefined, it is x,
   * inexact; except that minus infinity gives -1.
   */
  public static void power2Minus1(int se, long s, ExtendedEnvironment e) {
    if (Binary80.isSpecial(se, s, e)) {
      return;
    }
    int sign = se & Binary80.SIGN;
    int field = se & Binary80.EXPONENT_MAX;
    if (Binary80.isInfinite(se, s) && sign != 0) {
      e.result(Binary80.SIGN | Binary80.BIAS, Binary80.INTEGER);
      return;
    }
    Binary80.operand(se, s, e);
    if (field == Binary80.BIAS && s == Binary80.INTEGER) {
      e.result(sign != 0 ? Binary80.SIGN | Binary80.BIAS - 1 : se, s);
    } else if (field >= Binary80.BIAS && field < Binary80.EXPONENT_MAX) {
      e.flags |= FloatEnvironment.PRECISION;
      e.result(se, s);
    } else if (s == 0 || field == Binary80.EXPONENT_MAX) {
      e.result(se, s);
    } else {
      finite(sign, Scaled.of(se, s)).round(sign, e);
    }
  }

  private static Scaled finite(int sign, Scaled x) {
    boolean negative = sign != 0;
    Fraction magnitude = x.toFraction();
    int i = (int) ((magnitude.high() >>> 58) + 1) >> 1;
    if (i == 0) {
      return minus1(x.times(SeriesConstants.LN_2), negative);
    }
    Fraction point = new Fraction((long) i << 59, 0);
    if (i == SeriesConstants.STEPS) {
      point = Fraction.ZERO;
    }
    // modulo 1, for i of 32
    boolean below = i == SeriesConstants.STEPS || magnitude.isLess(point);
    Fraction difference = below ? point.minus(magnitude) : magnitude.minus(point);
    boolean falls = below != negative;
    Fraction power = SeriesConstants.POWER[SeriesConstants.STEPS + (negative ? -i : i)];
    if (!difference.isZero()) {
      Scaled rest = Scaled.of(difference, 0).times(SeriesConstants.LN_2);
      Fraction change = power.times(minus1(rest, falls).toFraction());
      power = falls ? power.minus(change) : power.plus(change);
    }
    Fraction quarter = new Fraction(1L << 62, 0);
    return Scaled.of(negative ? quarter.minus(power) : power.minus(quarter), 2);
  }

  /** Magnitude of {@code e^w - 1}, where w is up to 1/64 and has the given sign. */
  private static Scaled minus1(Scaled w, boolean negative) {
    Fraction z = w.toFraction();
    return negative
        ? w.lessenedBy(Trigonometry.series(z, SeriesConstants.EXPONENTIAL))
        : w.increasedBy(Trigonometry.risingSeries(z, SeriesConstants.EXPONENTIAL));
  }
}
