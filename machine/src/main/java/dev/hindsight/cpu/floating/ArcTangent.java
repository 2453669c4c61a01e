package dev.hindsight.cpu.floating;

/**
 * FPATAN: the angle of a point (SDM volume 2).
 *
 * <p>The quotient of the coordinates is brought below 1/64 with a table of 33 arc tangents, exactly
 * up to one division; then a series is summed with 128 bits.
 */
public final class ArcTangent {
  private ArcTangent() {}

  /** The angle of the point (x, y), from -pi to pi. */
  public static void angle(int ye, long ys, int xe, long xs, ExtendedEnvironment e) {
    if (Binary80.isSpecial(ye, ys, xe, xs, e)) {
      return;
    }
    Binary80.operand(ye, ys, e);
    Binary80.operand(xe, xs, e);
    int sign = ye & Binary80.SIGN;
    boolean left = (xe & Binary80.SIGN) != 0;
    boolean infiniteY = Binary80.isInfinite(ye, ys);
    boolean infiniteX = Binary80.isInfinite(xe, xs);
    if (infiniteY && infiniteX) {
      Scaled quarter = new Scaled(SeriesConstants.PI.fraction(), SeriesConstants.PI.exponent() - 2);
      (left ? subtract(SeriesConstants.PI, quarter) : quarter).round(sign, e);
    } else if (infiniteX || ys == 0) {
      if (left) {
        SeriesConstants.PI.round(sign, e);
      } else {
        e.result(sign, 0);
      }
    } else if (infiniteY || xs == 0) {
      SeriesConstants.HALF_PI.round(sign, e);
    } else {
      finite(sign, Scaled.of(ye, ys), left, Scaled.of(xe, xs), e);
    }
  }

  private static void finite(int sign, Scaled y, boolean left, Scaled x, ExtendedEnvironment e) {
    boolean steep =
        y.exponent() > x.exponent()
            || (y.exponent() == x.exponent() && x.fraction().isLess(y.fraction()));
    Scaled angle = steep ? ofQuotient(x, y) : ofQuotient(y, x);
    if (steep) {
      angle = left ? add(SeriesConstants.HALF_PI, angle) : subtract(SeriesConstants.HALF_PI, angle);
    } else if (left) {
      angle = subtract(SeriesConstants.PI, angle);
    }
    angle.round(sign, e);
  }

  /** Arc tangent of {@code a / b}, at most 1. */
  private static Scaled ofQuotient(Scaled a, Scaled b) {
    int distance = b.exponent() - a.exponent();
    // nearest multiple of 1/32 to the quotient
    int i = 0;
    if (distance < 8) {
      long scaledA = a.fraction().high() >>> (distance + 8);
      long scaledB = b.fraction().high() >>> 8;
      i = (int) ((scaledA * 2 * SeriesConstants.STEPS + scaledB) / (2 * scaledB));
    }
    if (i == 0) {
      Scaled u = a.over(b);
      return small(u);
    }
    // (32a - ib) / (32b + ia), all exact with 64 + 14 bits
    Fraction fa = a.fraction().shiftRight(distance + 8);
    Fraction fb = b.fraction().shiftRight(8);
    Fraction up = multiply(fa, SeriesConstants.STEPS);
    Fraction ib = multiply(fb, i);
    boolean below = up.isLess(ib);
    Fraction difference = below ? ib.minus(up) : up.minus(ib);
    Fraction base = SeriesConstants.ARC_TANGENT[i];
    if (difference.isZero()) {
      return Scaled.of(base, 0);
    }
    Fraction down = multiply(fb, SeriesConstants.STEPS).plus(multiply(fa, i));
    Fraction rest = small(Scaled.of(difference, 0).over(Scaled.of(down, 0))).toFraction();
    return Scaled.of(below ? base.minus(rest) : base.plus(rest), 0);
  }

  private static Fraction multiply(Fraction a, int n) {
    long high = Math.unsignedMultiplyHigh(a.low(), n);
    return new Fraction(a.high() * n + high, a.low() * n);
  }

  /** Arc tangent of a number up to 1/64. */
  private static Scaled small(Scaled u) {
    Fraction z = u.toFraction();
    return u.lessenedBy(Trigonometry.series(z.times(z), SeriesConstants.ODD));
  }

  /** {@code a - b}, where a is pi or pi/2. */
  private static Scaled subtract(Scaled a, Scaled b) {
    return Scaled.of(
        a.fraction().minus(b.fraction().shiftRight(a.exponent() - b.exponent())), a.exponent());
  }

  /** {@code a + b}, where a is pi/2 and the sum less than 4. */
  private static Scaled add(Scaled a, Scaled b) {
    Fraction half = a.fraction().shiftRight(1);
    return Scaled.of(
        half.plus(b.fraction().shiftRight(a.exponent() + 1 - b.exponent())), a.exponent() + 1);
  }
}
