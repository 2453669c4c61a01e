package dev.hindsight.cpu.floating;

/**
 * Arithmetic on binary64 (double precision) bit patterns, as SSE2 does it (SDM volume 1, sections
 * 4.8 and 11.5).
 */
public final class Binary64 {
  /** The QNaN floating-point indefinite. */
  public static final long INDEFINITE = 0xFFF8_0000_0000_0000L;

  static final long SIGN = 1L << 63;
  static final long INFINITY = 0x7FF0_0000_0000_0000L;
  static final long QUIET = 0x0008_0000_0000_0000L;
  static final long FRACTION = 0x000F_FFFF_FFFF_FFFFL;
  static final int BIAS = 1023;

  private static final long IMPLICIT = 1L << 52;
  private static final int EXPONENT_MAX = 0x7FF;

  /** Bits of a significand below the unit of the format. */
  private static final int EXTRA = 62 - 52;

  private static final long HALF = 1L << (EXTRA - 1);
  private static final long REST = (1L << EXTRA) - 1;
  private static final long LEADING = 1L << 62;

  /** Exponent given to a zero: below all others, so that alignment shifts it out. */
  private static final int ZERO_EXPONENT = -100_000;

  private Binary64() {}

  // ---- classes of numbers

  /** Whether it is a NaN. */
  public static boolean isNaN(long a) {
    return (a & ~SIGN) > INFINITY;
  }

  /** Whether it is a signaling NaN. */
  public static boolean isSignaling(long a) {
    return isNaN(a) && (a & QUIET) == 0;
  }

  /** Whether it is a denormal number. */
  public static boolean isDenormal(long a) {
    return (a & INFINITY) == 0 && (a & FRACTION) != 0;
  }

  private static int field(long a) {
    return (int) (a >>> 52) & EXPONENT_MAX;
  }

  /** Neither zero, denormal, infinite nor NaN. */
  private static boolean isNormal(int field) {
    return Integer.compareUnsigned(field - 1, EXPONENT_MAX - 1) < 0;
  }

  private static long normalSignificand(long a) {
    return ((a & FRACTION) | IMPLICIT) << EXTRA;
  }

  // ---- operands that are not normal numbers

  /** The result if an operand is a NaN: the first one, made quiet (SDM volume 1, table 4-7). */
  static long propagate(long a, long b, FloatEnvironment e) {
    if (isSignaling(a) || isSignaling(b)) {
      e.flags |= FloatEnvironment.INVALID;
    }
    return (isNaN(a) ? a : b) | QUIET;
  }

  /** A single NaN, made quiet. */
  static long quiet(long a, FloatEnvironment e) {
    if ((a & QUIET) == 0) {
      e.flags |= FloatEnvironment.INVALID;
    }
    return a | QUIET;
  }

  static long invalid(FloatEnvironment e) {
    e.flags |= FloatEnvironment.INVALID;
    return INDEFINITE;
  }

  /** Flags a denormal operand, or makes it zero. */
  static long operand(long a, FloatEnvironment e) {
    if (isDenormal(a)) {
      if (e.denormalsAreZero) {
        return a & SIGN;
      }
      e.flags |= FloatEnvironment.DENORMAL;
    }
    return a;
  }

  /** Significand of a finite number with the leading one at bit 62; 0 if it is zero. */
  static long significand(long a) {
    if (field(a) != 0) {
      return normalSignificand(a);
    }
    long fraction = a & FRACTION;
    return fraction == 0 ? 0 : fraction << (Long.numberOfLeadingZeros(fraction) - 1);
  }

  /** The biased exponent that goes with {@link #significand}. */
  static int exponent(long a) {
    int field = field(a);
    if (field != 0) {
      return field;
    }
    long fraction = a & FRACTION;
    return fraction == 0 ? ZERO_EXPONENT : 12 - Long.numberOfLeadingZeros(fraction);
  }

  // ---- rounding

  /**
   * Rounds to the format and packs.
   *
   * @param sign 0 or {@link #SIGN}
   * @param exponent biased exponent, of any size
   * @param significand leading one at bit 62, lowest bit sticky
   */
  static long round(long sign, int exponent, long significand, FloatEnvironment e) {
    if (Integer.compareUnsigned(exponent - 1, EXPONENT_MAX - 2) >= 0) {
      return roundAtLimits(sign, exponent, significand, e);
    }
    return roundInRange(sign, exponent, significand, e);
  }

  private static long roundInRange(long sign, int exponent, long significand, FloatEnvironment e) {
    long rest = significand & REST;
    if (rest == 0) {
      return sign + ((long) (exponent - 1) << 52) + (significand >>> EXTRA);
    }
    e.flags |= FloatEnvironment.PRECISION;
    long rounded = (significand + e.increment(sign != 0, HALF)) >>> EXTRA;
    if (rest == HALF && e.rounding == FloatEnvironment.NEAREST) {
      rounded &= ~1L;
    }
    // the leading one adds 1 to the exponent field, and so does a carry
    return sign + ((long) (exponent - 1) << 52) + rounded;
  }

  private static long roundAtLimits(long sign, int exponent, long significand, FloatEnvironment e) {
    boolean carries = significand + e.increment(sign != 0, HALF) < 0;
    if (exponent > 0) {
      if (exponent == EXPONENT_MAX - 1 && !carries) {
        return roundInRange(sign, exponent, significand, e);
      }
      return overflow(sign, significand, e);
    }
    boolean tiny = exponent < 0 || !carries;
    if (tiny) {
      if ((e.masks & FloatEnvironment.UNDERFLOW) == 0) {
        e.flags |= FloatEnvironment.UNDERFLOW;
        if ((significand & REST) != 0) {
          e.flags |= FloatEnvironment.PRECISION;
        }
        return sign;
      }
      if (e.flushToZero) {
        e.flags |= FloatEnvironment.UNDERFLOW | FloatEnvironment.PRECISION;
        return sign;
      }
    }
    long denormal = Wide.shiftRightSticky(significand, 1 - exponent);
    if (tiny && (denormal & REST) != 0) {
      e.flags |= FloatEnvironment.UNDERFLOW;
    }
    return roundInRange(sign, 1, denormal, e);
  }

  private static long overflow(long sign, long significand, FloatEnvironment e) {
    e.flags |= FloatEnvironment.OVERFLOW;
    if ((e.masks & FloatEnvironment.OVERFLOW) != 0 || (significand & REST) != 0) {
      e.flags |= FloatEnvironment.PRECISION;
    }
    return sign | (e.overflowsToInfinity(sign != 0) ? INFINITY : INFINITY - 1);
  }

  // ---- addition and subtraction

  /** {@code a + b}. */
  public static long add(long a, long b, FloatEnvironment e) {
    return sum(a, b, 0, e);
  }

  /** {@code a - b}. */
  public static long sub(long a, long b, FloatEnvironment e) {
    return sum(a, b, SIGN, e);
  }

  private static long sum(long a, long b, long flip, FloatEnvironment e) {
    int ea = field(a);
    int eb = field(b);
    if (isNormal(ea) && isNormal(eb)) {
      return sumFinite(
          a & SIGN, ea, normalSignificand(a), (b ^ flip) & SIGN, eb, normalSignificand(b), e);
    }
    if (isNaN(a) || isNaN(b)) {
      return propagate(a, b, e);
    }
    if (ea == EXPONENT_MAX && eb == EXPONENT_MAX && a != (b ^ flip)) {
      return invalid(e);
    }
    long x = operand(a, e);
    long y = operand(b, e) ^ flip;
    if (ea == EXPONENT_MAX) {
      return a;
    }
    if (eb == EXPONENT_MAX) {
      return y;
    }
    if (((x | y) & ~SIGN) == 0) {
      return x == y ? x : exactZero(e);
    }
    return sumFinite(
        x & SIGN, exponent(x), significand(x), y & SIGN, exponent(y), significand(y), e);
  }

  /** The zero that a sum of opposite numbers gives. */
  private static long exactZero(FloatEnvironment e) {
    return e.rounding == FloatEnvironment.DOWN ? SIGN : 0;
  }

  private static long sumFinite(
      long signA, int ea, long sa, long signB, int eb, long sb, FloatEnvironment e) {
    if (ea < eb) {
      return sumFinite(signB, eb, sb, signA, ea, sa, e);
    }
    long aligned = Wide.shiftRightSticky(sb, ea - eb);
    if (signA == signB) {
      long sum = sa + aligned;
      return sum < 0 ? round(signA, ea + 1, sum >>> 1 | sum & 1, e) : round(signA, ea, sum, e);
    }
    long difference = sa - aligned;
    if (difference == 0) {
      return exactZero(e);
    }
    long sign = signA;
    if (difference < 0) {
      difference = -difference;
      sign = signB;
    }
    int shift = Long.numberOfLeadingZeros(difference) - 1;
    return round(sign, ea - shift, difference << shift, e);
  }

  // ---- multiplication, division, square root

  /** {@code a * b}. */
  public static long mul(long a, long b, FloatEnvironment e) {
    int ea = field(a);
    int eb = field(b);
    long sign = (a ^ b) & SIGN;
    if (isNormal(ea) && isNormal(eb)) {
      return mulFinite(sign, ea, normalSignificand(a), eb, normalSignificand(b), e);
    }
    if (isNaN(a) || isNaN(b)) {
      return propagate(a, b, e);
    }
    long x = zeroIfDenormal(a, e);
    long y = zeroIfDenormal(b, e);
    boolean infinite = ea == EXPONENT_MAX || eb == EXPONENT_MAX;
    boolean zero = (x & ~SIGN) == 0 || (y & ~SIGN) == 0;
    if (infinite && zero) {
      return invalid(e);
    }
    operand(x, e);
    operand(y, e);
    if (infinite) {
      return sign | INFINITY;
    }
    if (zero) {
      return sign;
    }
    return mulFinite(sign, exponent(x), significand(x), exponent(y), significand(y), e);
  }

  private static long mulFinite(long sign, int ea, long sa, int eb, long sb, FloatEnvironment e) {
    long high = Math.multiplyHigh(sa, sb) << 2;
    long low = sa * sb;
    // the product has its leading one at bit 124 or 125
    high |= low >>> 62 | (low << 2 != 0 ? 1 : 0);
    int exponent = ea + eb - BIAS;
    if (high < 0) {
      return round(sign, exponent + 1, high >>> 1 | high & 1, e);
    }
    return round(sign, exponent, high, e);
  }

  /** Zero of its sign if DAZ is on and it is denormal, else itself; no flag. */
  private static long zeroIfDenormal(long a, FloatEnvironment e) {
    return e.denormalsAreZero && isDenormal(a) ? a & SIGN : a;
  }

  /** {@code a / b}. */
  public static long div(long a, long b, FloatEnvironment e) {
    int ea = field(a);
    int eb = field(b);
    long sign = (a ^ b) & SIGN;
    if (isNormal(ea) && isNormal(eb)) {
      return divFinite(sign, ea, normalSignificand(a), eb, normalSignificand(b), e);
    }
    if (isNaN(a) || isNaN(b)) {
      return propagate(a, b, e);
    }
    long x = zeroIfDenormal(a, e);
    long y = zeroIfDenormal(b, e);
    boolean zeroA = (x & ~SIGN) == 0;
    boolean zeroB = (y & ~SIGN) == 0;
    if (ea == EXPONENT_MAX ? eb == EXPONENT_MAX : zeroA && zeroB) {
      return invalid(e);
    }
    if (zeroB && ea != EXPONENT_MAX) {
      e.flags |= FloatEnvironment.ZERO_DIVIDE;
      return sign | INFINITY;
    }
    operand(x, e);
    operand(y, e);
    if (ea == EXPONENT_MAX) {
      return sign | INFINITY;
    }
    if (eb == EXPONENT_MAX || zeroA) {
      return sign;
    }
    return divFinite(sign, exponent(x), significand(x), exponent(y), significand(y), e);
  }

  private static long divFinite(long sign, int ea, long sa, int eb, long sb, FloatEnvironment e) {
    long divisor = sb << 1;
    long quotient = Wide.divide(sa, 0, divisor);
    if (quotient * divisor != 0) {
      quotient |= 1;
    }
    int exponent = ea - eb + BIAS;
    // x / y, where x and y are in [1, 2), has its unit at bit 63
    return quotient < 0
        ? round(sign, exponent, quotient >>> 1 | quotient & 1, e)
        : round(sign, exponent - 1, quotient, e);
  }

  /** Square root of {@code a}. */
  public static long sqrt(long a, FloatEnvironment e) {
    if (isNaN(a)) {
      return quiet(a, e);
    }
    long x = zeroIfDenormal(a, e);
    if ((x & ~SIGN) == 0) {
      return x;
    }
    if (a < 0) {
      return invalid(e);
    }
    if (a == INFINITY) {
      return a;
    }
    operand(x, e);
    int exponent = exponent(x) - BIAS;
    long radicand = significand(x) << (exponent & 1);
    long root = Wide.squareRoot(radicand, 0);
    long sticky = root * root == 0 && Math.unsignedMultiplyHigh(root, root) == radicand ? 0 : 1;
    return round(0, (exponent >> 1) + BIAS, root >>> 1 | root & 1 | sticky, e);
  }

  // ---- fused multiply-add

  /**
   * {@code a * b + c}, rounded once. Of several NaNs the first in the order a, b, c is the result.
   * For {@code a * b - c} and the negated forms flip with {@code negateProduct} and {@code
   * negateC}; these do not touch NaNs.
   */
  public static long fma(
      long a, long b, long c, boolean negateProduct, boolean negateC, FloatEnvironment e) {
    if (isNaN(a) || isNaN(b) || isNaN(c)) {
      return fmaNaN(a, b, c, e);
    }
    long x = zeroIfDenormal(a, e);
    long y = zeroIfDenormal(b, e);
    long z = zeroIfDenormal(c, e) ^ (negateC ? SIGN : 0);
    long sign = (a ^ b ^ (negateProduct ? SIGN : 0)) & SIGN;
    boolean infinite = field(a) == EXPONENT_MAX || field(b) == EXPONENT_MAX;
    boolean zero = (x & ~SIGN) == 0 || (y & ~SIGN) == 0;
    boolean infiniteC = (z & ~SIGN) == INFINITY;
    if (infinite && (zero || (infiniteC && sign != (z & SIGN)))) {
      return invalid(e);
    }
    if (isDenormal(x) || isDenormal(y) || isDenormal(z)) {
      e.flags |= FloatEnvironment.DENORMAL;
    }
    if (infinite) {
      return sign | INFINITY;
    }
    if (infiniteC) {
      return z;
    }
    if (zero) {
      if ((z & ~SIGN) != 0) {
        return round(z & SIGN, exponent(z), significand(z), e);
      }
      return sign == z ? z : exactZero(e);
    }
    return fmaFinite(sign, x, y, z, e);
  }

  private static long fmaNaN(long a, long b, long c, FloatEnvironment e) {
    if (isSignaling(a) || isSignaling(b) || isSignaling(c)) {
      e.flags |= FloatEnvironment.INVALID;
    }
    return (isNaN(a) ? a : isNaN(b) ? b : c) | QUIET;
  }

  private static long fmaFinite(long sign, long x, long y, long z, FloatEnvironment e) {
    long sx = significand(x) << 1;
    long sy = significand(y);
    long high = Math.unsignedMultiplyHigh(sx, sy);
    long low = sx * sy;
    int exponent = exponent(x) + exponent(y) - BIAS + 1;
    if (high < LEADING) {
      high = high << 1 | low >>> 63;
      low <<= 1;
      exponent--;
    }
    // the product and z as 128-bit numbers with leading ones at bit 126
    long otherHigh = significand(z);
    long otherLow = 0;
    int distance = exponent - exponent(z);
    if (distance >= 0) {
      otherLow = Wide.shiftRightLowSticky(otherHigh, 0, distance);
      otherHigh = Wide.shiftRightHigh(otherHigh, distance);
    } else {
      low = Wide.shiftRightLowSticky(high, low, -distance);
      high = Wide.shiftRightHigh(high, -distance);
      exponent = exponent(z);
    }
    if (sign == (z & SIGN)) {
      long sumLow = low + otherLow;
      long sum = high + otherHigh + (Long.compareUnsigned(sumLow, low) < 0 ? 1 : 0);
      long sticky = sumLow != 0 ? 1 : 0;
      return sum < 0
          ? round(sign, exponent + 1, sum >>> 1 | sum & 1 | sticky, e)
          : round(sign, exponent, sum | sticky, e);
    }
    if (Wide.isLess(high, low, otherHigh, otherLow)) {
      return difference(z & SIGN, exponent, otherHigh, otherLow, high, low, e);
    }
    return difference(sign, exponent, high, low, otherHigh, otherLow, e);
  }

  private static long difference(
      long sign, int exponent, long aHigh, long aLow, long bHigh, long bLow, FloatEnvironment e) {
    long low = aLow - bLow;
    long high = aHigh - bHigh - (Long.compareUnsigned(aLow, bLow) < 0 ? 1 : 0);
    if (high == 0) {
      if (low == 0) {
        return exactZero(e);
      }
      int shift = Long.numberOfLeadingZeros(low) - 1;
      long significand = shift < 0 ? low >>> 1 | low & 1 : low << shift;
      return round(sign, exponent - 64 - shift, significand, e);
    }
    int shift = Long.numberOfLeadingZeros(high) - 1;
    if (shift > 0) {
      high = high << shift | low >>> -shift;
      low <<= shift;
    }
    return round(sign, exponent - shift, high | (low != 0 ? 1 : 0), e);
  }

  // ---- comparison

  /**
   * Compares.
   *
   * @param signaling whether a QNaN is an invalid operand too (COMISD), not only an SNaN (UCOMISD)
   * @return -1, 0 or 1 as a is less than, equal to or greater than b; 2 if they are unordered
   */
  public static int compare(long a, long b, boolean signaling, FloatEnvironment e) {
    if (isNaN(a) || isNaN(b)) {
      if (signaling || isSignaling(a) || isSignaling(b)) {
        e.flags |= FloatEnvironment.INVALID;
      }
      return 2;
    }
    return order(operand(a, e), operand(b, e));
  }

  private static int order(long a, long b) {
    if (((a | b) & ~SIGN) == 0) {
      return 0;
    }
    return Long.compare(a < 0 ? SIGN - a : a, b < 0 ? SIGN - b : b);
  }

  /** MINSD: the lesser; b if one is a NaN (which is invalid) or both are zeros. */
  public static long min(long a, long b, FloatEnvironment e) {
    return select(a, b, -1, e);
  }

  /** MAXSD: the greater; b if one is a NaN (which is invalid) or both are zeros. */
  public static long max(long a, long b, FloatEnvironment e) {
    return select(a, b, 1, e);
  }

  private static long select(long a, long b, int wanted, FloatEnvironment e) {
    if (isNaN(a) || isNaN(b)) {
      e.flags |= FloatEnvironment.INVALID;
      return zeroIfDenormal(b, e);
    }
    long x = operand(a, e);
    long y = operand(b, e);
    return order(x, y) == wanted ? x : y;
  }
}
