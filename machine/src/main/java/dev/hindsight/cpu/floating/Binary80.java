package dev.hindsight.cpu.floating;

/**
 * Arithmetic on the x87's double extended-precision numbers (SDM volume 1, sections 4.8 and 8.2).
 *
 * <p>A number is an int with its sign (bit 15) and biased exponent (bits 14:0), and a long with its
 * significand, whose leading one (bit 63) is explicit. Encodings with an exponent but without that
 * bit are unsupported: every operation on them is invalid. Results are left in the {@link
 * ExtendedEnvironment}.
 *
 * <p>Inside, a significand has its leading one at bit 63 and is followed by a second long with the
 * bits below, the lowest of which is sticky.
 */
public final class Binary80 {
  /** Sign and exponent of the QNaN floating-point indefinite. */
  public static final int INDEFINITE_SIGN_EXPONENT = 0xFFFF;

  /** Significand of the QNaN floating-point indefinite. */
  public static final long INDEFINITE_SIGNIFICAND = 0xC000_0000_0000_0000L;

  /** Sign bit of a sign and exponent. */
  public static final int SIGN = 0x8000;

  /** Exponent of infinities and NaNs. */
  public static final int EXPONENT_MAX = 0x7FFF;

  /** Bias of exponents. */
  public static final int BIAS = 0x3FFF;

  /** The explicit leading one. */
  static final long INTEGER = 1L << 63;

  static final long QUIET = 1L << 62;

  /** What unmasked overflow and underflow wrap an exponent by. */
  private static final int WRAP = 0x6000;

  private Binary80() {}

  // ---- classes of numbers

  /** Whether the encoding is a pseudo-NaN, pseudo-infinity or unnormal. */
  public static boolean isUnsupported(int se, long s) {
    return s >= 0 && (se & EXPONENT_MAX) != 0;
  }

  /** Whether it is a NaN. */
  public static boolean isNaN(int se, long s) {
    return (se & EXPONENT_MAX) == EXPONENT_MAX && s < 0 && s != INTEGER;
  }

  /** Whether it is a signaling NaN. */
  public static boolean isSignaling(int se, long s) {
    return isNaN(se, s) && (s & QUIET) == 0;
  }

  /** Whether it is an infinity. */
  public static boolean isInfinite(int se, long s) {
    return (se & EXPONENT_MAX) == EXPONENT_MAX && s == INTEGER;
  }

  /** Whether it is a denormal or pseudo-denormal number. */
  public static boolean isDenormal(int se, long s) {
    return (se & EXPONENT_MAX) == 0 && s != 0;
  }

  /** Whether it is a zero. */
  public static boolean isZero(int se, long s) {
    return (se & EXPONENT_MAX) == 0 && s == 0;
  }

  /** Whether it is a number, and not infinite. */
  public static boolean isFinite(int se, long s) {
    return (se & EXPONENT_MAX) != EXPONENT_MAX && !isUnsupported(se, s);
  }

  static boolean isNormal(int se, long s) {
    return s < 0 && Integer.compareUnsigned((se & EXPONENT_MAX) - 1, EXPONENT_MAX - 1) < 0;
  }

  // ---- parts of finite numbers that are not zero

  static int exponent(int se, long s) {
    int field = se & EXPONENT_MAX;
    return field != 0 ? field : 1 - Long.numberOfLeadingZeros(s);
  }

  static long significand(long s) {
    return s << Long.numberOfLeadingZeros(s);
  }

  // ---- NaNs

  /**
   * Deals with NaNs and unsupported encodings among two operands.
   *
   * @return whether there was one, and the result is there
   */
  static boolean isSpecial(int ae, long as, int be, long bs, ExtendedEnvironment e) {
    if (isUnsupported(ae, as) || isUnsupported(be, bs)) {
      e.invalid();
      return true;
    }
    boolean aNaN = isNaN(ae, as);
    boolean bNaN = isNaN(be, bs);
    if (!aNaN && !bNaN) {
      return false;
    }
    if (isSignaling(ae, as) || isSignaling(be, bs)) {
      e.flags |= FloatEnvironment.INVALID;
    }
    if (!bNaN || (aNaN && prefersFirst(ae, as, be, bs))) {
      e.result(ae, as | QUIET);
    } else {
      e.result(be, bs | QUIET);
    }
    return true;
  }

  /** Which of two NaNs is the result (SDM volume 1, table 4-7). */
  private static boolean prefersFirst(int ae, long as, int be, long bs) {
    boolean aQuiet = (as & QUIET) != 0;
    boolean bQuiet = (bs & QUIET) != 0;
    if (aQuiet != bQuiet) {
      return aQuiet;
    }
    int order = Long.compareUnsigned(as, bs);
    return order != 0 ? order > 0 : (ae & SIGN) <= (be & SIGN);
  }

  /** Like {@link #isSpecial(int, long, int, long, ExtendedEnvironment)} for one operand. */
  static boolean isSpecial(int se, long s, ExtendedEnvironment e) {
    if (isUnsupported(se, s)) {
      e.invalid();
      return true;
    }
    if (!isNaN(se, s)) {
      return false;
    }
    if ((s & QUIET) == 0) {
      e.flags |= FloatEnvironment.INVALID;
    }
    e.result(se, s | QUIET);
    return true;
  }

  /** Flags a denormal operand. */
  static void operand(int se, long s, FloatEnvironment e) {
    if (isDenormal(se, s)) {
      e.flags |= FloatEnvironment.DENORMAL;
    }
  }

  // ---- rounding

  /**
   * Rounds to the environment's precision.
   *
   * @param sign 0 or {@link #SIGN}
   * @param exponent biased exponent, of any size
   * @param high significand, leading one at bit 63
   * @param low what is below, lowest bit sticky
   */
  static void round(int sign, int exponent, long high, long low, ExtendedEnvironment e) {
    if (e.precision == 64) {
      roundTo(sign, exponent, high, low, 1, e);
    } else {
      roundTo(sign, exponent, high, low, 1L << (64 - e.precision), e);
    }
  }

  /** Rounds to 64 bits, as all operations do that the precision control does not concern. */
  static void roundFull(int sign, int exponent, long high, long low, ExtendedEnvironment e) {
    roundTo(sign, exponent, high, low, 1, e);
  }

  /** The bits below a unit, as a sticky fraction of 2^64. */
  private static long fraction(long high, long low, long unit) {
    return unit == 1 ? low : high << -Long.numberOfTrailingZeros(unit) | (low != 0 ? 1 : 0);
  }

  private static void roundTo(
      int sign, int exponent, long high, long low, long unit, ExtendedEnvironment e) {
    long fraction = fraction(high, low, unit);
    boolean up =
        fraction != 0
            && FloatConversions.roundsAway(sign != 0, (high & unit) != 0, fraction, e.rounding);
    long rounded = (high & -unit) + (up ? unit : 0);
    int finalExponent = exponent;
    if (rounded == 0) {
      rounded = INTEGER;
      finalExponent++;
    }
    if (finalExponent <= 0) {
      underflow(sign, exponent, high, low, unit, finalExponent, rounded, e);
      return;
    }
    if (finalExponent >= EXPONENT_MAX) {
      overflow(sign, finalExponent, rounded, fraction, up, unit, e);
      return;
    }
    if (exponent <= 0) {
      // rounds to the least normal number, so it is not tiny, but what is lost counts as denormal
      denormalize(sign, exponent, high, low, unit, false, e);
      return;
    }
    e.roundedUp = up;
    if (fraction != 0) {
      e.flags |= FloatEnvironment.PRECISION;
    }
    e.result(sign | finalExponent, rounded);
  }

  private static void overflow(
      int sign,
      int exponent,
      long rounded,
      long fraction,
      boolean up,
      long unit,
      ExtendedEnvironment e) {
    e.flags |= FloatEnvironment.OVERFLOW;
    if ((e.masks & FloatEnvironment.OVERFLOW) == 0) {
      if (exponent - WRAP >= EXPONENT_MAX) {
        // "massive overflow", which only FSCALE has
        e.flags |= FloatEnvironment.PRECISION;
        e.roundedUp = true;
        e.result(sign | EXPONENT_MAX, INTEGER);
        return;
      }
      if (fraction != 0) {
        e.flags |= FloatEnvironment.PRECISION;
      }
      e.roundedUp = up;
      e.result(sign | (exponent - WRAP) & EXPONENT_MAX, rounded);
      return;
    }
    e.flags |= FloatEnvironment.PRECISION;
    e.roundedUp = e.overflowsToInfinity(sign != 0);
    if (e.roundedUp) {
      e.result(sign | EXPONENT_MAX, INTEGER);
    } else {
      e.result(sign | EXPONENT_MAX - 1, -unit);
    }
  }

  private static void underflow(
      int sign,
      int exponent,
      long high,
      long low,
      long unit,
      int finalExponent,
      long rounded,
      ExtendedEnvironment e) {
    if ((e.masks & FloatEnvironment.UNDERFLOW) != 0) {
      denormalize(sign, exponent, high, low, unit, true, e);
      return;
    }
    e.flags |= FloatEnvironment.UNDERFLOW;
    if (finalExponent + WRAP <= 0) {
      // "massive underflow", which only FSCALE has
      e.flags |= FloatEnvironment.PRECISION;
      e.result(sign, 0);
      return;
    }
    long fraction = fraction(high, low, unit);
    if (fraction != 0) {
      e.flags |= FloatEnvironment.PRECISION;
      e.roundedUp = (high & -unit) != rounded;
    }
    e.result(sign | (finalExponent + WRAP) & EXPONENT_MAX, rounded);
  }

  private static void denormalize(
      int sign, int exponent, long high, long low, long unit, boolean tiny, ExtendedEnvironment e) {
    int shift = 1 - exponent;
    long shiftedLow = Wide.shiftRightLowSticky(high, low, shift);
    long shifted = Wide.shiftRightHigh(high, shift);
    long fraction = fraction(shifted, shiftedLow, unit);
    boolean up =
        fraction != 0
            && FloatConversions.roundsAway(sign != 0, (shifted & unit) != 0, fraction, e.rounding);
    long rounded = (shifted & -unit) + (up ? unit : 0);
    e.roundedUp = up;
    if (fraction != 0) {
      e.flags |= FloatEnvironment.PRECISION;
      if (tiny) {
        e.flags |= FloatEnvironment.UNDERFLOW;
      }
    }
    e.result(rounded < 0 ? sign | 1 : sign, rounded);
  }

  // ---- addition and subtraction

  /** {@code a + b}. */
  public static void add(int ae, long as, int be, long bs, ExtendedEnvironment e) {
    sum(ae, as, be, bs, 0, e);
  }

  /** {@code a - b}. */
  public static void sub(int ae, long as, int be, long bs, ExtendedEnvironment e) {
    sum(ae, as, be, bs, SIGN, e);
  }

  private static void sum(int ae, long as, int be, long bs, int flip, ExtendedEnvironment e) {
    int signA = ae & SIGN;
    int signB = (be ^ flip) & SIGN;
    if (isNormal(ae, as) && isNormal(be, bs)) {
      sumFinite(signA, ae & EXPONENT_MAX, as, signB, be & EXPONENT_MAX, bs, e);
      return;
    }
    if (isSpecial(ae, as, be, bs, e)) {
      return;
    }
    boolean infiniteA = isInfinite(ae, as);
    boolean infiniteB = isInfinite(be, bs);
    if (infiniteA && infiniteB && signA != signB) {
      e.invalid();
      return;
    }
    operand(ae, as, e);
    operand(be, bs, e);
    if (infiniteA) {
      e.result(ae, as);
    } else if (infiniteB) {
      e.result(be ^ flip, bs);
    } else if (as == 0 && bs == 0) {
      e.result(signA == signB ? signA : exactZero(e), 0);
    } else if (as == 0) {
      round(signB, exponent(be, bs), significand(bs), 0, e);
    } else if (bs == 0) {
      round(signA, exponent(ae, as), significand(as), 0, e);
    } else {
      sumFinite(
          signA, exponent(ae, as), significand(as), signB, exponent(be, bs), significand(bs), e);
    }
  }

  static int exactZero(FloatEnvironment e) {
    return e.rounding == FloatEnvironment.DOWN ? SIGN : 0;
  }

  private static void sumFinite(
      int signA, int ea, long sa, int signB, int eb, long sb, ExtendedEnvironment e) {
    if (ea < eb || (ea == eb && Long.compareUnsigned(sa, sb) < 0)) {
      sumFinite(signB, eb, sb, signA, ea, sa, e);
      return;
    }
    long low = Wide.shiftRightLowSticky(sb, 0, ea - eb);
    long high = Wide.shiftRightHigh(sb, ea - eb);
    if (signA == signB) {
      long sum = sa + high;
      if (Long.compareUnsigned(sum, sa) < 0) {
        round(signA, ea + 1, sum >>> 1 | INTEGER, sum << 63 | low >>> 1 | low & 1, e);
      } else {
        round(signA, ea, sum, low, e);
      }
      return;
    }
    long difference = sa - high - (low != 0 ? 1 : 0);
    low = -low;
    if (difference == 0) {
      if (low == 0) {
        e.result(exactZero(e), 0);
        return;
      }
      int shift = Long.numberOfLeadingZeros(low);
      round(signA, ea - 64 - shift, low << shift, 0, e);
      return;
    }
    int shift = Long.numberOfLeadingZeros(difference);
    if (shift != 0) {
      difference = difference << shift | low >>> -shift;
      low <<= shift;
    }
    round(signA, ea - shift, difference, low, e);
  }

  // ---- multiplication, division, square root

  /** {@code a * b}. */
  public static void mul(int ae, long as, int be, long bs, ExtendedEnvironment e) {
    int sign = (ae ^ be) & SIGN;
    if (!isNormal(ae, as) || !isNormal(be, bs)) {
      if (isSpecial(ae, as, be, bs, e)) {
        return;
      }
      boolean infinite = isInfinite(ae, as) || isInfinite(be, bs);
      boolean zero = as == 0 || bs == 0;
      if (infinite && zero) {
        e.invalid();
        return;
      }
      operand(ae, as, e);
      operand(be, bs, e);
      if (infinite) {
        e.result(sign | EXPONENT_MAX, INTEGER);
        return;
      }
      if (zero) {
        e.result(sign, 0);
        return;
      }
    }
    long sa = significand(as);
    long sb = significand(bs);
    long high = Math.unsignedMultiplyHigh(sa, sb);
    long low = sa * sb;
    int exponent = exponent(ae, as) + exponent(be, bs) - BIAS;
    if (high < 0) {
      round(sign, exponent + 1, high, low, e);
    } else {
      round(sign, exponent, high << 1 | low >>> 63, low << 1, e);
    }
  }

  /** {@code a / b}. */
  public static void div(int ae, long as, int be, long bs, ExtendedEnvironment e) {
    int sign = (ae ^ be) & SIGN;
    if (!isNormal(ae, as) || !isNormal(be, bs)) {
      if (isSpecial(ae, as, be, bs, e)) {
        return;
      }
      boolean infiniteA = isInfinite(ae, as);
      boolean infiniteB = isInfinite(be, bs);
      if ((infiniteA && infiniteB) || (as == 0 && bs == 0)) {
        e.invalid();
        return;
      }
      if (bs == 0 && !infiniteA) {
        e.flags |= FloatEnvironment.ZERO_DIVIDE;
        e.result(sign | EXPONENT_MAX, INTEGER);
        return;
      }
      operand(ae, as, e);
      operand(be, bs, e);
      if (infiniteA) {
        e.result(sign | EXPONENT_MAX, INTEGER);
        return;
      }
      if (infiniteB || as == 0) {
        e.result(sign, 0);
        return;
      }
    }
    long sa = significand(as);
    long sb = significand(bs);
    int exponent = exponent(ae, as) - exponent(be, bs) + BIAS;
    long quotient;
    long rest;
    if (Long.compareUnsigned(sa, sb) < 0) {
      quotient = Wide.divide(sa, 0, sb);
      rest = -quotient * sb;
      exponent--;
    } else {
      quotient = Wide.divide(sa >>> 1, sa << 63, sb);
      rest = (sa << 63) - quotient * sb;
    }
    round(sign, exponent, quotient, restFraction(rest, sb), e);
  }

  /** Where a remainder stands among the halves of its divisor, as a sticky fraction. */
  private static long restFraction(long rest, long divisor) {
    if (rest == 0) {
      return 0;
    }
    int order = Long.compareUnsigned(rest, divisor - rest);
    return order == 0 ? INTEGER : order > 0 ? INTEGER | 1 : 1;
  }

  /** Square root of {@code a}. */
  public static void sqrt(int se, long s, ExtendedEnvironment e) {
    if (isSpecial(se, s, e)) {
      return;
    }
    if (s == 0) {
      e.result(se, s);
      return;
    }
    if ((se & SIGN) != 0) {
      e.invalid();
      return;
    }
    if (isInfinite(se, s)) {
      e.result(se, s);
      return;
    }
    operand(se, s, e);
    int exponent = exponent(se, s) - BIAS;
    boolean odd = (exponent & 1) != 0;
    long significand = significand(s);
    long high = odd ? significand : significand >>> 1;
    long low = odd ? 0 : significand << 63;
    long root = Wide.squareRoot(high, low);
    long restLow = low - root * root;
    long restHigh =
        high
            - Math.unsignedMultiplyHigh(root, root)
            - (Long.compareUnsigned(low, root * root) < 0 ? 1 : 0);
    boolean aboveHalf = restHigh != 0 || Long.compareUnsigned(restLow, root) > 0;
    long fraction = restHigh == 0 && restLow == 0 ? 0 : aboveHalf ? INTEGER | 1 : 1;
    round(0, (exponent >> 1) + BIAS, root, fraction, e);
  }

  // ---- comparison

  /**
   * Compares.
   *
   * @param signaling whether a QNaN is an invalid operand too (FCOM), not only an SNaN (FUCOM)
   * @return -1, 0 or 1 as a is less than, equal to or greater than b; 2 if they are unordered
   */
  public static int compare(
      int ae, long as, int be, long bs, boolean signaling, ExtendedEnvironment e) {
    if (isUnsupported(ae, as) || isUnsupported(be, bs)) {
      e.flags |= FloatEnvironment.INVALID;
      return 2;
    }
    if (isNaN(ae, as) || isNaN(be, bs)) {
      if (signaling || isSignaling(ae, as) || isSignaling(be, bs)) {
        e.flags |= FloatEnvironment.INVALID;
      }
      return 2;
    }
    operand(ae, as, e);
    operand(be, bs, e);
    return order(ae, as, be, bs);
  }

  private static int order(int ae, long as, int be, long bs) {
    if (as == 0 && bs == 0) {
      return 0;
    }
    boolean negative = (ae & SIGN) != 0;
    if (negative != ((be & SIGN) != 0)) {
      return negative ? -1 : 1;
    }
    // a pseudo-denormal stands for the number with exponent 1
    int fieldA = Math.max(ae & EXPONENT_MAX, 1);
    int fieldB = Math.max(be & EXPONENT_MAX, 1);
    int order = fieldA != fieldB ? Integer.compare(fieldA, fieldB) : Long.compareUnsigned(as, bs);
    return negative ? -order : order;
  }
}
