package dev.hindsight.cpu.floating;

/**
 * FSIN, FCOS, FSINCOS and FPTAN (SDM volume 2; volume 1, section 8.3.10).
 *
 * <p>Arguments are reduced with 256 bits of 2/pi, so that results are right for the argument as it
 * is, up to the limit of 2^63. (Intel's hardware reduces with 66 bits of pi.) The series are summed
 * with 128 bits; the error is below 2^-50 units in the last place before the final rounding.
 */
public final class Trigonometry {
  /** Arguments from here on are out of range: 2^63. */
  private static final int EXPONENT_LIMIT = Binary80.BIAS + 63;

  private final Scaled sine;
  private final Scaled cosine;
  private final int quadrant;
  private final boolean negative;

  private Trigonometry(int se, long s) {
    Scaled x = Scaled.of(se, s);
    Scaled rest = x;
    int turns = 0;
    boolean below = false;
    if (x.exponent() >= 0) {
      // at least 1/2: x * 2/pi is a whole number and a part from -1/2 to 1/2
      long m = x.fraction().high();
      int whole = x.exponent();
      long[] p = product(m);
      turns = whole == 0 ? 0 : (int) (p[0] >>> (64 - whole));
      Fraction part = new Fraction(shifted(p, 0, whole), shifted(p, 1, whole));
      long tail = shifted(p, 2, whole);
      below = part.high() < 0;
      if (below) {
        turns++;
        part = part.complement();
        if (tail != 0) {
          part = part.minus(new Fraction(0, 1));
          tail = -tail;
        }
      }
      rest = normalized(part, tail).times(SeriesConstants.HALF_PI);
    }
    Fraction r = rest.toFraction();
    Fraction square = r.times(r);
    sine = rest.lessenedBy(series(square, SeriesConstants.SINE));
    cosine = cosine(square);
    quadrant = turns & 3;
    negative = below;
  }

  /** A fraction of 192 bits, of which the upper 128 are not all zero. */
  private static Scaled normalized(Fraction part, long tail) {
    int zeros = part.leadingZeros();
    Fraction upper = part.shiftLeft(zeros);
    Fraction lower = new Fraction(0, tail);
    // the tail stands 64 bits below the fraction's lower half
    lower = zeros >= 64 ? lower.shiftLeft(zeros - 64) : lower.shiftRight(64 - zeros);
    return new Scaled(upper.plus(lower), -zeros);
  }

  private static Scaled cosine(Fraction square) {
    return Scaled.ONE.lessenedBy(series(square, SeriesConstants.COSINE));
  }

  /** {@code z * (c0 - z * (c1 - z * (...)))}. */
  static Fraction series(Fraction z, Fraction[] coefficients) {
    Fraction sum = Fraction.ZERO;
    for (int i = coefficients.length - 1; i >= 0; i--) {
      sum = z.times(coefficients[i].minus(sum));
    }
    return sum;
  }

  /** {@code z * (c0 + z * (c1 + z * (...)))}. */
  static Fraction risingSeries(Fraction z, Fraction[] coefficients) {
    Fraction sum = Fraction.ZERO;
    for (int i = coefficients.length - 1; i >= 0; i--) {
      sum = z.times(coefficients[i].plus(sum));
    }
    return sum;
  }

  /** 64 bits times 256 bits of 2/pi: five words, most significant first. */
  private static long[] product(long m) {
    long[] p = new long[5];
    long carry = 0;
    for (int i = 3; i >= 0; i--) {
      long word = SeriesConstants.TWO_OVER_PI[i];
      long low = m * word + carry;
      p[i + 1] = low;
      carry = Math.unsignedMultiplyHigh(m, word) + (Long.compareUnsigned(low, carry) < 0 ? 1 : 0);
    }
    p[0] = carry;
    return p;
  }

  /** Word {@code i} of a number shifted left by less than 64. */
  private static long shifted(long[] p, int i, int count) {
    return count == 0 ? p[i] : p[i] << count | p[i + 1] >>> -count;
  }

  // ---- what the instructions ask

  /** Whether the argument is finite but too large; then the instruction sets C2 and that is all. */
  public static boolean isOutOfRange(int se, long s) {
    int field = se & Binary80.EXPONENT_MAX;
    return field >= EXPONENT_LIMIT && field < Binary80.EXPONENT_MAX && s < 0;
  }

  /**
   * Deals with NaNs, infinities (invalid) and unsupported encodings.
   *
   * @return whether it was one, and the result is there
   */
  private static boolean isSpecial(int se, long s, ExtendedEnvironment e) {
    if (Binary80.isSpecial(se, s, e)) {
      return true;
    }
    if (Binary80.isInfinite(se, s)) {
      e.invalid();
      return true;
    }
    Binary80.operand(se, s, e);
    return false;
  }

  /** Sine of an argument in range. */
  public static void sin(int se, long s, ExtendedEnvironment e) {
    if (isSpecial(se, s, e)) {
      return;
    }
    if (s == 0) {
      e.result(se, s);
      return;
    }
    Trigonometry t = new Trigonometry(se, s);
    t.roundSine(t.quadrant, se & Binary80.SIGN, e);
  }

  /** Cosine of an argument in range. */
  public static void cos(int se, long s, ExtendedEnvironment e) {
    if (isSpecial(se, s, e)) {
      return;
    }
    if (s == 0) {
      e.result(Binary80.BIAS, Binary80.INTEGER);
      return;
    }
    Trigonometry t = new Trigonometry(se, s);
    t.roundSine(t.quadrant + 1, 0, e);
  }

  /** Tangent of an argument in range. */
  public static void tan(int se, long s, ExtendedEnvironment e) {
    if (isSpecial(se, s, e)) {
      return;
    }
    if (s == 0) {
      e.result(se, s);
      return;
    }
    Trigonometry t = new Trigonometry(se, s);
    int sign = se & Binary80.SIGN ^ (t.negative ? Binary80.SIGN : 0);
    if ((t.quadrant & 1) == 0) {
      t.sine.over(t.cosine).round(sign, e);
    } else {
      t.cosine.over(t.sine).round(sign ^ Binary80.SIGN, e);
    }
  }

  /** Sine of the rest and a number of quarter turns. */
  private void roundSine(int quarters, int sign, ExtendedEnvironment e) {
    boolean isCosine = (quarters & 1) != 0;
    boolean flips = (quarters & 2) != 0 ^ (!isCosine && negative);
    (isCosine ? cosine : sine).round(flips ? sign ^ Binary80.SIGN : sign, e);
  }
}
