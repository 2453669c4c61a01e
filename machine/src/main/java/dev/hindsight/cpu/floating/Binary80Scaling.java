package dev.hindsight.cpu.floating;

/**
 * Operations on exponents and quotients of 80-bit numbers: FPREM, FPREM1, FSCALE and FXTRACT (SDM
 * volume 2). Their results are exact, unless scaling overflows or underflows.
 */
public final class Binary80Scaling {
  /** What {@link #remainder} returns if the reduction is not complete: C2. */
  public static final int INCOMPLETE = 8;

  /** What {@link #remainder} returns if there is no quotient: a NaN, or an invalid operation. */
  public static final int NONE = -1;

  private Binary80Scaling() {}

  /**
   * {@code a} minus {@code b} times their integral quotient.
   *
   * <p>If the exponents differ by 64 or more, the reduction is partial: the difference shrinks by
   * 32 to 63, by as many as leave a multiple of 32 to go.
   *
   * @param nearest whether the quotient is rounded to nearest even (FPREM1) or towards zero (FPREM)
   * @return bits 2:0 of the quotient's magnitude, {@link #INCOMPLETE} or {@link #NONE}
   */
  public static int remainder(
      int ae, long as, int be, long bs, boolean nearest, ExtendedEnvironment e) {
    if (Binary80.isSpecial(ae, as, be, bs, e)) {
      return NONE;
    }
    if (Binary80.isInfinite(ae, as) || Binary80.isZero(be, bs)) {
      e.invalid();
      return NONE;
    }
    Binary80.operand(ae, as, e);
    Binary80.operand(be, bs, e);
    int sign = ae & Binary80.SIGN;
    if (as == 0) {
      e.result(ae, as);
      return 0;
    }
    int ea = Binary80.exponent(ae, as);
    long sa = Binary80.significand(as);
    if (Binary80.isInfinite(be, bs)) {
      Binary80.roundFull(sign, ea, sa, 0, e);
      return 0;
    }
    int eb = Binary80.exponent(be, bs);
    long sb = Binary80.significand(bs);
    int distance = ea - eb;
    if (distance < (nearest ? -1 : 0)) {
      Binary80.roundFull(sign, ea, sa, 0, e);
      return 0;
    }
    if (distance < 0) {
      return nearestBelowOne(sign, ea, sa, eb, sb, e);
    }
    boolean partial = distance >= 64;
    int steps = partial ? distance & 31 | 32 : distance;
    int exponent = eb + distance - steps;
    long quotient = 0;
    if (Long.compareUnsigned(sa, sb) >= 0) {
      sa -= sb;
      quotient = 1L << steps;
    }
    long high = steps == 0 ? 0 : sa >>> (64 - steps);
    long low = sa << steps;
    long digits = Wide.divide(high, low, sb);
    long rest = low - digits * sb;
    quotient += digits;
    if (nearest && !partial) {
      int order = Long.compareUnsigned(rest, sb - rest);
      if (order > 0 || (order == 0 && (quotient & 1) != 0)) {
        quotient++;
        rest = sb - rest;
        sign ^= Binary80.SIGN;
      }
    }
    if (rest == 0) {
      e.result(ae & Binary80.SIGN, 0);
    } else {
      int zeros = Long.numberOfLeadingZeros(rest);
      Binary80.roundFull(sign, exponent - zeros, rest << zeros, 0, e);
    }
    return partial ? INCOMPLETE : (int) quotient & 7;
  }

  /** The quotient is in [1/4, 1): it rounds to 0 or 1. */
  private static int nearestBelowOne(
      int sign, int ea, long sa, int eb, long sb, ExtendedEnvironment e) {
    if (Long.compareUnsigned(sa, sb) <= 0) {
      Binary80.roundFull(sign, ea, sa, 0, e);
      return 0;
    }
    // 2 * b - a at the exponent of a
    long rest = sb - (sa - sb);
    int zeros = Long.numberOfLeadingZeros(rest);
    Binary80.roundFull(sign ^ Binary80.SIGN, eb - 1 - zeros, rest << zeros, 0, e);
    return 1;
  }

  /** FSCALE: {@code a * 2^trunc(b)}. */
  public static void scale(int ae, long as, int be, long bs, ExtendedEnvironment e) {
    if (Binary80.isSpecial(ae, as, be, bs, e)) {
      return;
    }
    int sign = ae & Binary80.SIGN;
    boolean down = (be & Binary80.SIGN) != 0;
    if (Binary80.isInfinite(be, bs)) {
      if (down ? Binary80.isInfinite(ae, as) : Binary80.isZero(ae, as)) {
        e.invalid();
        return;
      }
      Binary80.operand(ae, as, e);
      if (down) {
        e.result(sign, 0);
      } else {
        e.result(sign | Binary80.EXPONENT_MAX, Binary80.INTEGER);
      }
      return;
    }
    Binary80.operand(ae, as, e);
    Binary80.operand(be, bs, e);
    if (as == 0 || Binary80.isInfinite(ae, as)) {
      e.result(ae, as);
      return;
    }
    int exponent = (be & Binary80.EXPONENT_MAX) - Binary80.BIAS;
    int count = exponent < 0 ? 0 : exponent > 16 ? 0x10000 : (int) (bs >>> (63 - exponent));
    Binary80.roundFull(
        sign, Binary80.exponent(ae, as) + (down ? -count : count), Binary80.significand(as), 0, e);
  }

  /** FXTRACT, first half: the exponent of {@code a} as a number. */
  public static void extractExponent(int se, long s, ExtendedEnvironment e) {
    if (Binary80.isSpecial(se, s, e)) {
      return;
    }
    if (Binary80.isInfinite(se, s)) {
      e.result(Binary80.EXPONENT_MAX, s);
    } else if (s == 0) {
      e.flags |= FloatEnvironment.ZERO_DIVIDE;
      e.result(Binary80.SIGN | Binary80.EXPONENT_MAX, Binary80.INTEGER);
    } else {
      Binary80.operand(se, s, e);
      Binary80Conversions.fromInteger(Binary80.exponent(se, s) - Binary80.BIAS, e);
    }
  }

  /** FXTRACT, second half: {@code a} with its exponent made 0. */
  public static void extractSignificand(int se, long s, ExtendedEnvironment e) {
    if (Binary80.isSpecial(se, s, e)) {
      return;
    }
    if (s == 0 || Binary80.isInfinite(se, s)) {
      e.result(se, s);
    } else {
      e.result(se & Binary80.SIGN | Binary80.BIAS, Binary80.significand(s));
    }
  }
}
