package dev.hindsight.cpu.floating;

/**
 * FYL2X and FYL2XP1: {@code y * log2(x)} and {@code y * log2(x + 1)} (SDM volume 2).
 *
 * <p>The argument is split into a power of two, a multiple of 1/32 whose logarithm is in a table,
 * and a factor within 1/40 of 1, exactly up to one division; then the series of the hyperbolic arc
 * tangent is summed with 128 bits.
 */
public final class Logarithm {
  /** Square root of 1/2, rounded down: where factors are split off from powers of two. */
  private static final long ROOT_HALF = 0xB504_F333_F9DE_6484L;

  /** Bits before the point where exponents and logarithms of factors are added. */
  private static final int WHOLE = 16;

  /**
   * A binary logarithm.
   *
   * @param magnitude its absolute value; zero if the argument is 1
   * @param negative its sign
   * @param exact whether it is an integer
   */
  private record Result(Scaled magnitude, boolean negative, boolean exact) {}

  private Logarithm() {}

  /** {@code y * log2(x)}. */
  public static void yLog2(int ye, long ys, int xe, long xs, ExtendedEnvironment e) {
    if (Binary80.isSpecial(ye, ys, xe, xs, e)) {
      return;
    }
    boolean infiniteY = Binary80.isInfinite(ye, ys);
    boolean one = xe == Binary80.BIAS && xs == Binary80.INTEGER;
    int sign = ye & Binary80.SIGN;
    boolean infiniteX = Binary80.isInfinite(xe, xs);
    boolean invalid =
        ((xe & Binary80.SIGN) != 0 && xs != 0)
            || (ys == 0 && (xs == 0 || infiniteX))
            || (infiniteY && one);
    if (invalid) {
      e.invalid();
      return;
    }
    if (xs == 0) {
      if (infiniteY) {
        Binary80.operand(xe, xs, e);
      } else {
        e.flags |= FloatEnvironment.ZERO_DIVIDE;
      }
      e.result(sign ^ (Binary80.SIGN | Binary80.EXPONENT_MAX), Binary80.INTEGER);
      return;
    }
    Binary80.operand(ye, ys, e);
    Binary80.operand(xe, xs, e);
    boolean below = (xe & Binary80.EXPONENT_MAX) < Binary80.BIAS;
    int resultSign = below ? sign ^ Binary80.SIGN : sign;
    if (infiniteX || infiniteY) {
      e.result(resultSign | Binary80.EXPONENT_MAX, Binary80.INTEGER);
    } else if (ys == 0 || one) {
      e.result(resultSign, 0);
    } else {
      product(resultSign, Scaled.of(ye, ys), log2(Scaled.of(xe, xs)), e);
    }
  }

  /**
   * {@code y * log2(x + 1)}. Where the manual leaves the result undefined, beyond 1 - sqrt(1/2), it
   * is still that; for x of -1 and below the operation is invalid.
   */
  public static void yLog2Plus1(int ye, long ys, int xe, long xs, ExtendedEnvironment e) {
    if (Binary80.isSpecial(ye, ys, xe, xs, e)) {
      return;
    }
    boolean infiniteY = Binary80.isInfinite(ye, ys);
    boolean infiniteX = Binary80.isInfinite(xe, xs);
    boolean negative = (xe & Binary80.SIGN) != 0;
    boolean tooSmall = negative && (xe & Binary80.EXPONENT_MAX) >= Binary80.BIAS;
    if (tooSmall || (infiniteY && xs == 0) || (infiniteX && ys == 0)) {
      e.invalid();
      return;
    }
    Binary80.operand(ye, ys, e);
    Binary80.operand(xe, xs, e);
    int sign = (ye ^ xe) & Binary80.SIGN;
    if (infiniteX || infiniteY) {
      e.result(sign | Binary80.EXPONENT_MAX, Binary80.INTEGER);
    } else if (ys == 0 || xs == 0) {
      e.result(sign, 0);
    } else {
      product(sign, Scaled.of(ye, ys), log2Plus1(Scaled.of(xe, xs), negative), e);
    }
  }

  private static void product(int sign, Scaled y, Result log, ExtendedEnvironment e) {
    Scaled product = y.times(log.magnitude());
    if (log.exact()) {
      product.roundExact(sign, e);
    } else {
      product.round(sign, e);
    }
  }

  private static Result log2Plus1(Scaled x, boolean negative) {
    if (x.exponent() > -6) {
      Fraction one = new Fraction(1L << 63, 0).shiftRight(Math.max(x.exponent(), 0) + 1);
      Fraction part = x.fraction().shiftRight(Math.max(-x.exponent(), 0) + 2);
      return log2(
          Scaled.of(negative ? one.minus(part) : one.plus(part), Math.max(x.exponent(), 0) + 2));
    }
    // x / (2 + x), for x below 1/64
    Fraction two = new Fraction(1L << 63, 0);
    Fraction part = x.toFraction().shiftRight(2);
    Scaled sum = Scaled.of(negative ? two.minus(part) : two.plus(part), 2);
    return new Result(nearOne(x.over(sum)), negative, false);
  }

  private static Result log2(Scaled x) {
    boolean upper = Long.compareUnsigned(x.fraction().high(), ROOT_HALF) > 0;
    int k = upper ? x.exponent() : x.exponent() - 1;
    // the factor from sqrt(1/2) to sqrt(2), divided by 256
    Fraction factor = x.fraction().shiftRight(upper ? 8 : 7);
    int i = (int) ((factor.high() >>> 50) + 1) >> 1;
    Fraction scaled = factor.shiftLeft(5);
    Fraction point = new Fraction((long) i << 56, 0);
    boolean below = scaled.isLess(point);
    Fraction difference = below ? point.minus(scaled) : scaled.minus(point);
    Scaled rest = Scaled.of(difference, 0);
    if (!rest.isZero()) {
      rest = nearOne(rest.over(Scaled.of(scaled.plus(point), 0)));
    }
    if (k == 0 && i == SeriesConstants.STEPS) {
      return new Result(rest, below, rest.isZero());
    }
    // the sum in two's complement, as a multiple of 2^(WHOLE - 128)
    Fraction sum = new Fraction((long) k << (64 - WHOLE), 0);
    Fraction table = SeriesConstants.LOGARITHM[i].toFraction().shiftRight(WHOLE);
    sum = i < SeriesConstants.STEPS ? sum.minus(table) : sum.plus(table);
    Fraction small = rest.toFraction().shiftRight(WHOLE);
    sum = below ? sum.minus(small) : sum.plus(small);
    boolean negative = sum.high() < 0;
    boolean exact = rest.isZero() && i == SeriesConstants.STEPS;
    return new Result(Scaled.of(negative ? sum.complement() : sum, WHOLE), negative, exact);
  }

  /** {@code log2((1 + s) / (1 - s))}. */
  private static Scaled nearOne(Scaled s) {
    Fraction z = s.toFraction();
    return s.increasedBy(Trigonometry.risingSeries(z.times(z), SeriesConstants.ODD))
        .times(SeriesConstants.TWO_LOG2_E);
  }
}
