package dev.hindsight.cpu.floating;

/**
 * Arithmetic on binary32 (single precision) bit patterns, as SSE does it (SDM volume 1, sections
 * 4.8 and 11.5).
 */
public final class Binary32 {
  /** The QNaN floating-point indefinite. */
  public static final int INDEFINITE = 0xFFC0_0000;

  static final int SIGN = 1 << 31;
  static final int INFINITY = 0x7F80_0000;
  static final int QUIET = 0x0040_0000;
  static final int FRACTION = 0x007F_FFFF;
  static final int BIAS = 127;

  private static final int IMPLICIT = 1 << 23;
  private static final int EXPONENT_MAX = 0xFF;

  /** Bits of a significand below the unit of the format. */
  private static final int EXTRA = 62 - 23;

  private static final long HALF = 1L << (EXTRA - 1);
  private static final long REST = (1L << EXTRA) - 1;
  private static final long LEADING = 1L << 62;

  /** Exponent given to a zero: below all others, so that alignment shifts it out. */
  private static final int ZERO_EXPONENT = -100_000;

  private Binary32() {}

  // ---- classes of numbers

  /** Whether it is a NaN. */
  public static boolean isNaN(int a) {
    return (a & ~SIGN) > INFINITY;
  }

  /** Whether it is a signaling NaN. */
  public static boolean isSignaling(int a) {
    return isNaN(a) && (a & QUIET) == 0;
  }

  /** Whether it is a denormal number. */
  public static boolean isDenormal(int a) {
    return (a & INFINITY) == 0 && (a & FRACTION) != 0;
  }

  private static int field(int a) {
    return (a >>> 23) & EXPONENT_MAX;
  }

  /** Neither zero, denormal, infinite nor NaN. */
  private static boolean isNormal(int field) {
    return Integer.compareUnsigned(field - 1, EXPONENT_MAX - 1) < 0;
  }

  private static long normalSignificand(int a) {
    return (long) ((a & FRACTION) | IMPLICIT) << EXTRA;
  }

  // ---- operands that are not normal numbers

  /** The result if an operand is a NaN: the first one, made quiet (SDM volume 1, table 4-7). */
  static int propagate(int a, int b, FloatEnvironment e) {
    if (isSignaling(a) || isSignaling(b)) {
      e.flags |= FloatEnvironment.INVALID;
    }
    return (isNaN(a) ? a : b) | QUIET;
  }

  /** A single NaN, made quiet. */
  static int quiet(int a, FloatEnvironment e) {
    if ((a & QUIET) == 0) {
      e.flags |= FloatEnvironment.INVALID;
    }
    return a | QUIET;
  }

  static int invalid(FloatEnvironment e) {
    e.flags |= FloatEnvironment.INVALID;
    return INDEFINITE;
  }

  /** Flags a denormal operand, or makes it zero. */
  static int operand(int a, FloatEnvironment e) {
    if (isDenormal(a)) {
      if (e.denormalsAreZero) {
        return a & SIGN;
      }
      e.flags |= FloatEnvironment.DENORMAL;
    }
    return a;
  }

  /** Significand of a finite number with the leading one at bit 62; 0 if it is zero. */
  static long significand(int a) {
    if (field(a) != 0) {
      return normalSignificand(a);
    }
    long fraction = a & FRACTION;
    return fraction == 0 ? 0 : fraction << (Long.numberOfLeadingZeros(fraction) - 1);
  }

  /** The biased exponent that goes with {@link #significand}. */
  static int exponent(int a) {
    int field = field(a);
    if (field != 0) {
      return field;
    }
    long fraction = a & FRACTION;
    return fraction == 0 ? ZERO_EXPONENT : 41 - Long.numberOfLeadingZeros(fraction);
  }

  // ---- rounding

  /**
   * Rounds to the format and packs.
   *
   * @param sign 0 or {@link #SIGN}
   * @param exponent biased exponent, of any size
   * @param significand leading one at bit 62, lowest bit sticky
   */
  static int round(int sign, int exponent, long significand, FloatEnvironment e) {
    if (Integer.compareUnsigned(exponent - 1, EXPONENT_MAX - 2) >= 0) {
      return roundAtLimits(sign, exponent, significand, e);
    }
    return roundInRange(sign, exponent, significand, e);
  }

  private static int roundInRange(int sign, int exponent, long significand, FloatEnvironment e) {
    long rest = significand & REST;
    if (rest == 0) {
      return sign + ((exponent - 1) << 23) + (int) (significand >>> EXTRA);
    }
    e.flags |= FloatEnvironment.PRECISION;
    long rounded = (significand + e.increment(sign != 0, HALF)) >>> EXTRA;
    if (rest == HALF && e.rounding == FloatEnvironment.NEAREST) {
      rounded &= ~1L;
    }
    // the leading one adds 1 to the exponent field, and so does a carry
    return sign + ((exponent - 1) << 23) + (int) rounded;
  }

  private static int roundAtLimits(int sign, int exponent, long significand, FloatEnvironment e) {
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

  private static int overflow(int sign, long significand, FloatEnvironment e) {
    e.flags |= FloatEnvironment.OVERFLOW;
    if ((e.masks & FloatEnvironment.OVERFLOW) != 0 || (significand & REST) != 0) {
      e.flags |= FloatEnvironment.PRECISION;
    }
    return sign | (e.overflowsToInfinity(sign != 0) ? INFINITY : INFINITY - 1);
  }

  // ---- addition and subtraction

  /** {@code a + b}. */
  public static int add(int a, int b, FloatEnvironment e) {
    return sum(a, b, 0, e);
  }

  /** {@code a - b}. */
  public static int sub(int a, int b, FloatEnvironment e) {
    return sum(a, b, SIGN, e);
  }

  private static int sum(int a, int b, int flip, FloatEnvironment e) {
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
    int x = operand(a, e);
    int y = operand(b, e) ^ flip;
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
  private static int exactZero(FloatEnvironment e) {
    return e.rounding == FloatEnvironment.DOWN ? SIGN : 0;
  }

  private static int sumFinite(
      int signA, int ea, long sa, int signB, int eb, long sb, FloatEnvironment e) {
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
    int sign = signA;
    if (difference < 0) {
      difference = -difference;
      sign = signB;
    }
    int shift = Long.numberOfLeadingZeros(difference) - 1;
    return round(sign, ea - shift, difference << shift, e);
  }

  // ---- multiplication, division, square root

  /** {@code a * b}. */
  public static int mul(int a, int b, FloatEnvironment e) {
    int ea = field(a);
    int eb = field(b);
    int sign = (a ^ b) & SIGN;
    if (isNormal(ea) && isNormal(eb)) {
      return mulFinite(sign, ea, normalSignificand(a), eb, normalSignificand(b), e);
    }
    if (isNaN(a) || isNaN(b)) {
      return propagate(a, b, e);
    }
    int x = zeroIfDenormal(a, e);
    int y = zeroIfDenormal(b, e);
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

  private static int mulFinite(int sign, int ea, long sa, int eb, long sb, FloatEnvironment e) {
    // the product of two significands of 24 bits has its leading one at bit 46 or 47
    long product = ((sa >>> EXTRA) * (sb >>> EXTRA)) << 16;
    int exponent = ea + eb - BIAS;
    if (product < 0) {
      return round(sign, exponent + 1, product >>> 1, e);
    }
    return round(sign, exponent, product, e);
  }

  /** Zero of its sign if DAZ is on and it is denormal, else itself; no flag. */
  private static int zeroIfDenormal(int a, FloatEnvironment e) {
    return e.denormalsAreZero && isDenormal(a) ? a & SIGN : a;
  }

  /** {@code a / b}. */
  public static int div(int a, int b, FloatEnvironment e) {
    int ea = field(a);
    int eb = field(b);
    int sign = (a ^ b) & SIGN;
    if (isNormal(ea) && isNormal(eb)) {
      return divFinite(sign, ea, normalSignificand(a), eb, normalSignificand(b), e);
    }
    if (isNaN(a) || isNaN(b)) {
      return propagate(a, b, e);
    }
    int x = zeroIfDenormal(a, e);
    int y = zeroIfDenormal(b, e);
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

  private static int divFinite(int sign, int ea, long sa, int eb, long sb, FloatEnvironment e) {
    // 24 bits by 24 bits; x / y, where x and y are in [1, 2), has its unit at bit 39
    long dividend = (sa >>> EXTRA) << 39;
    long divisor = sb >>> EXTRA;
    long quotient = dividend / divisor;
    long sticky = quotient * divisor == dividend ? 0 : 1;
    int exponent = ea - eb + BIAS;
    return quotient >>> 39 != 0
        ? round(sign, exponent, quotient << 23 | sticky, e)
        : round(sign, exponent - 1, quotient << 24 | sticky, e);
  }

  /** Square root of {@code a}. */
  public static int sqrt(int a, FloatEnvironment e) {
    if (isNaN(a)) {
      return quiet(a, e);
    }
    int x = zeroIfDenormal(a, e);
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
    long root = Wide.squareRoot64(radicand);
    long sticky = root * root == radicand ? 0 : 1;
    return round(0, (exponent >> 1) + BIAS, root << 31 | sticky, e);
  }

  // ---- fused multiply-add

  /**
   * {@code a * b + c}, rounded once. Of several NaNs the first in the order a, b, c is the result.
   * For {@code a * b - c} and the negated forms flip with {@code negateProduct} and {@code
   * negateC}; these do not touch NaNs.
   */
  public static int fma(
      int a, int b, int c, boolean negateProduct, boolean negateC, FloatEnvironment e) {
    if (isNaN(a) || isNaN(b) || isNaN(c)) {
      return fmaNaN(a, b, c, e);
    }
    int x = zeroIfDenormal(a, e);
    int y = zeroIfDenormal(b, e);
    int z = zeroIfDenormal(c, e) ^ (negateC ? SIGN : 0);
    int sign = (a ^ b ^ (negateProduct ? SIGN : 0)) & SIGN;
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

  private static int fmaNaN(int a, int b, int c, FloatEnvironment e) {
    if (isSignaling(a) || isSignaling(b) || isSignaling(c)) {
      e.flags |= FloatEnvironment.INVALID;
    }
    return (isNaN(a) ? a : isNaN(b) ? b : c) | QUIET;
  }

  private static int fmaFinite(int sign, int x, int y, int z, FloatEnvironment e) {
    // 48 bits, so that nothing is lost unless it is far below the other
    long product = ((significand(x) >>> EXTRA) * (significand(y) >>> EXTRA)) << 15;
    int exponent = exponent(x) + exponent(y) - BIAS + 1;
    if (product < LEADING) {
      product <<= 1;
      exponent--;
    }
    return sumFinite(sign, exponent, product, z & SIGN, exponent(z), significand(z), e);
  }

  // ---- comparison

  /**
   * Compares.
   *
   * @param signaling whether a QNaN is an invalid operand too (COMISS), not only an SNaN (UCOMISS)
   * @return -1, 0 or 1 as a is less than, equal to or greater than b; 2 if they are unordered
   */
  public static int compare(int a, int b, boolean signaling, FloatEnvironment e) {
    if (isNaN(a) || isNaN(b)) {
      if (signaling || isSignaling(a) || isSignaling(b)) {
        e.flags |= FloatEnvironment.INVALID;
      }
      return 2;
    }
    return order(operand(a, e), operand(b, e));
  }

  private static int order(int a, int b) {
    if (((a | b) & ~SIGN) == 0) {
      return 0;
    }
    return Integer.compare(a < 0 ? SIGN - a : a, b < 0 ? SIGN - b : b);
  }

  /** MINSS: the lesser; b if one is a NaN (which is invalid) or both are zeros. */
  public static int min(int a, int b, FloatEnvironment e) {
    return select(a, b, -1, e);
  }

  /** MAXSS: the greater; b if one is a NaN (which is invalid) or both are zeros. */
  public static int max(int a, int b, FloatEnvironment e) {
    return select(a, b, 1, e);
  }

  private static int select(int a, int b, int wanted, FloatEnvironment e) {
    if (isNaN(a) || isNaN(b)) {
      e.flags |= FloatEnvironment.INVALID;
      return zeroIfDenormal(b, e);
    }
    int x = operand(a, e);
    int y = operand(b, e);
    return order(x, y) == wanted ? x : y;
  }
}
