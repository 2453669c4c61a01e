package dev.hindsight.cpu.floating;

/**
 * Conversions between binary16, binary32, binary64 and signed integers, and rounding to integral
 * values (SDM volume 1, section 4.8.4 and table 4-10; CVT*, ROUND*, VCVTPH2PS and VCVTPS2PH in
 * volume 2).
 */
public final class FloatConversions {
  /** The integer indefinite of 32 bits. */
  public static final int INT32_INDEFINITE = Integer.MIN_VALUE;

  /** The integer indefinite of 64 bits. */
  public static final long INT64_INDEFINITE = Long.MIN_VALUE;

  private static final int HALF_EXTRA = 62 - 10;
  private static final long HALF_REST = (1L << HALF_EXTRA) - 1;
  private static final int HALF_INFINITY = 0x7C00;

  private FloatConversions() {}

  // ---- integers to floating point

  /** CVTSI2SD from 32 bits; always exact. */
  public static long int32ToBinary64(int value) {
    if (value == 0) {
      return 0;
    }
    long magnitude = Math.abs((long) value);
    int shift = Long.numberOfLeadingZeros(magnitude) - 11;
    return (value < 0 ? Binary64.SIGN : 0)
        + ((long) (Binary64.BIAS + 51 - shift) << 52)
        + (magnitude << shift);
  }

  /** CVTSI2SD from 64 bits. */
  public static long int64ToBinary64(long value, FloatEnvironment e) {
    if (value == 0) {
      return 0;
    }
    long magnitude = Math.abs(value);
    int shift = Long.numberOfLeadingZeros(magnitude) - 1;
    return Binary64.round(
        value & Binary64.SIGN,
        Binary64.BIAS + 62 - shift,
        shift < 0 ? 1L << 62 : magnitude << shift,
        e);
  }

  /** CVTSI2SS from 64 bits, or from 32 bits sign-extended. */
  public static int int64ToBinary32(long value, FloatEnvironment e) {
    if (value == 0) {
      return 0;
    }
    long magnitude = Math.abs(value);
    int shift = Long.numberOfLeadingZeros(magnitude) - 1;
    return Binary32.round(
        value < 0 ? Binary32.SIGN : 0,
        Binary32.BIAS + 62 - shift,
        shift < 0 ? 1L << 62 : magnitude << shift,
        e);
  }

  // ---- floating point to integers

  /**
   * Rounds to a 32-bit integer (CVTSD2SI, CVTTSD2SI with mode {@link FloatEnvironment#ZERO}).
   *
   * @param mode rounding mode, in the encoding of RC
   * @return {@link #INT32_INDEFINITE} and an invalid operation if it is a NaN or does not fit
   */
  public static int binary64ToInt32(long a, int mode, FloatEnvironment e) {
    return narrow(binary64ToInteger(a, mode, Integer.MAX_VALUE, e));
  }

  /** Rounds to a 64-bit integer; see {@link #binary64ToInt32}. */
  public static long binary64ToInt64(long a, int mode, FloatEnvironment e) {
    return binary64ToInteger(a, mode, Long.MAX_VALUE, e);
  }

  /** Rounds to a 32-bit integer; see {@link #binary64ToInt32}. */
  public static int binary32ToInt32(int a, int mode, FloatEnvironment e) {
    return narrow(binary32ToInteger(a, mode, Integer.MAX_VALUE, e));
  }

  /** Rounds to a 64-bit integer; see {@link #binary64ToInt32}. */
  public static long binary32ToInt64(int a, int mode, FloatEnvironment e) {
    return binary32ToInteger(a, mode, Long.MAX_VALUE, e);
  }

  private static int narrow(long value) {
    return value == INT64_INDEFINITE ? INT32_INDEFINITE : (int) value;
  }

  private static long binary64ToInteger(long a, int mode, long max, FloatEnvironment e) {
    if ((a & ~Binary64.SIGN) >= Binary64.INFINITY) {
      return invalidInteger(e);
    }
    if (e.denormalsAreZero && Binary64.isDenormal(a)) {
      return 0;
    }
    int exponent = Binary64.exponent(a) - Binary64.BIAS;
    return toInteger(a < 0, exponent, Binary64.significand(a), mode, max, e);
  }

  private static long binary32ToInteger(int a, int mode, long max, FloatEnvironment e) {
    if ((a & ~Binary32.SIGN) >= Binary32.INFINITY) {
      return invalidInteger(e);
    }
    if (e.denormalsAreZero && Binary32.isDenormal(a)) {
      return 0;
    }
    int exponent = Binary32.exponent(a) - Binary32.BIAS;
    return toInteger(a < 0, exponent, Binary32.significand(a), mode, max, e);
  }

  private static long invalidInteger(FloatEnvironment e) {
    e.flags |= FloatEnvironment.INVALID;
    return INT64_INDEFINITE;
  }

  /**
   * Rounds {@code significand * 2^(exponent - 62)} to an integer from {@code -max - 1} to {@code
   * max}.
   */
  private static long toInteger(
      boolean negative, int exponent, long significand, int mode, long max, FloatEnvironment e) {
    if (exponent > 62) {
      // -2^63 alone fits, and what fits in 63 bits has its leading one below
      if (!negative || exponent > 63 || significand != 1L << 62 || max != Long.MAX_VALUE) {
        return invalidInteger(e);
      }
      return INT64_INDEFINITE;
    }
    int shift = 62 - exponent;
    long whole = shift < 64 ? significand >>> shift : 0;
    // the part below the unit, as a fraction of 2^64, sticky
    long fraction =
        shift == 0
            ? 0
            : shift <= 64
                ? significand << -shift
                : Wide.shiftRightSticky(significand, Math.min(shift - 64, 64));
    if (fraction != 0 && roundsAway(negative, (whole & 1) != 0, fraction, mode)) {
      whole++;
    }
    // 2^63 is negative here, and fits only as -2^63
    if (whole < 0 ? !negative : whole > max && !(negative && whole == max + 1)) {
      return invalidInteger(e);
    }
    if (fraction != 0) {
      e.flags |= FloatEnvironment.PRECISION;
    }
    return negative ? -whole : whole;
  }

  /** Whether a number is rounded to the magnitude above. */
  static boolean roundsAway(boolean negative, boolean odd, long fraction, int mode) {
    return switch (mode) {
      case FloatEnvironment.NEAREST -> fraction < 0 && (odd || fraction != Long.MIN_VALUE);
      case FloatEnvironment.DOWN -> negative;
      case FloatEnvironment.UP -> !negative;
      default -> false;
    };
  }

  // ---- rounding to integral values

  /**
   * Rounds to an integral value (ROUNDSD).
   *
   * @param mode rounding mode, in the encoding of RC
   * @param exact whether an inexact result raises no precision exception (bit 3 of the immediate)
   */
  public static long roundBinary64(long a, int mode, boolean exact, FloatEnvironment e) {
    if (Binary64.isNaN(a)) {
      return Binary64.quiet(a, e);
    }
    if (e.denormalsAreZero && Binary64.isDenormal(a)) {
      return a & Binary64.SIGN;
    }
    int exponent = (int) (a >>> 52 & 0x7FF) - Binary64.BIAS;
    if (exponent >= 52 || (a & ~Binary64.SIGN) == 0) {
      return a;
    }
    long result;
    if (exponent < 0) {
      result = a & Binary64.SIGN;
      long fraction = exponent == -1 ? a << 11 | Long.MIN_VALUE : 1;
      if (roundsAway(a < 0, false, fraction, mode)) {
        result |= (long) Binary64.BIAS << 52;
      }
    } else {
      long unit = 1L << (52 - exponent);
      long fraction = exponent == 52 ? 0 : a << (12 + exponent);
      result = a & -unit;
      // for exponent 0 the unit is the implicit bit, always 1, not the exponent's lowest
      boolean odd = exponent == 0 || (a & unit) != 0;
      if (fraction != 0 && roundsAway(a < 0, odd, fraction, mode)) {
        result += unit;
      }
    }
    if (result != a && !exact) {
      e.flags |= FloatEnvironment.PRECISION;
    }
    return result;
  }

  /** Rounds to an integral value (ROUNDSS); see {@link #roundBinary64}. */
  public static int roundBinary32(int a, int mode, boolean exact, FloatEnvironment e) {
    if (Binary32.isNaN(a)) {
      return Binary32.quiet(a, e);
    }
    if (e.denormalsAreZero && Binary32.isDenormal(a)) {
      return a & Binary32.SIGN;
    }
    int exponent = (a >>> 23 & 0xFF) - Binary32.BIAS;
    if (exponent >= 23 || (a & ~Binary32.SIGN) == 0) {
      return a;
    }
    int result;
    if (exponent < 0) {
      result = a & Binary32.SIGN;
      long fraction = exponent == -1 ? (long) a << 40 | Long.MIN_VALUE : 1;
      if (roundsAway(a < 0, false, fraction, mode)) {
        result |= Binary32.BIAS << 23;
      }
    } else {
      int unit = 1 << (23 - exponent);
      long fraction = (long) a << (41 + exponent);
      result = a & -unit;
      boolean odd = exponent == 0 || (a & unit) != 0;
      if (fraction != 0 && roundsAway(a < 0, odd, fraction, mode)) {
        result += unit;
      }
    }
    if (result != a && !exact) {
      e.flags |= FloatEnvironment.PRECISION;
    }
    return result;
  }

  // ---- between the formats

  /** CVTSS2SD; exact. */
  public static long binary32ToBinary64(int a, FloatEnvironment e) {
    long sign = (long) (a & Binary32.SIGN) << 32;
    if ((a & ~Binary32.SIGN) >= Binary32.INFINITY) {
      long wide = sign | Binary64.INFINITY | (long) (a & Binary32.FRACTION) << 29;
      return Binary64.isNaN(wide) ? Binary64.quiet(wide, e) : wide;
    }
    int x = Binary32.operand(a, e);
    if ((x & ~Binary32.SIGN) == 0) {
      return sign;
    }
    // the leading one of the significand adds 1 to the exponent
    return sign
        + ((long) (Binary32.exponent(x) - Binary32.BIAS + Binary64.BIAS - 1) << 52)
        + (Binary32.significand(x) >>> 10);
  }

  /** CVTSD2SS. */
  public static int binary64ToBinary32(long a, FloatEnvironment e) {
    int sign = (int) (a >>> 32) & Binary32.SIGN;
    if ((a & ~Binary64.SIGN) >= Binary64.INFINITY) {
      if (Binary64.isNaN(a)) {
        return sign | Binary32.INFINITY | (int) ((Binary64.quiet(a, e) & Binary64.FRACTION) >>> 29);
      }
      return sign | Binary32.INFINITY;
    }
    long x = Binary64.operand(a, e);
    if ((x & ~Binary64.SIGN) == 0) {
      return sign;
    }
    return Binary32.round(
        sign, Binary64.exponent(x) - Binary64.BIAS + Binary32.BIAS, Binary64.significand(x), e);
  }

  /**
   * VCVTPH2PS: binary16 to binary32, exact. DAZ does not apply and a denormal operand is no
   * exception.
   *
   * @param half the pattern in bits 15:0; bits above are ignored
   */
  public static int halfToBinary32(int half, FloatEnvironment e) {
    int sign = (half & 0x8000) << 16;
    int magnitude = half & 0x7FFF;
    if (magnitude >= HALF_INFINITY) {
      int wide = sign | Binary32.INFINITY | (magnitude & 0x3FF) << 13;
      return Binary32.isNaN(wide) ? Binary32.quiet(wide, e) : wide;
    }
    if (magnitude >= 0x400) {
      return sign + ((Binary32.BIAS - 15) << 23) + (magnitude << 13);
    }
    if (magnitude == 0) {
      return sign;
    }
    int shift = Integer.numberOfLeadingZeros(magnitude) - 8;
    return sign + ((Binary32.BIAS - 2 - shift) << 23) + (magnitude << shift);
  }

  /**
   * VCVTPS2PH: binary32 to binary16. DAZ applies, FTZ does not.
   *
   * @param mode rounding mode, in the encoding of RC
   * @return the pattern in bits 15:0
   */
  public static int binary32ToHalf(int a, int mode, FloatEnvironment e) {
    int sign = a >>> 16 & 0x8000;
    if ((a & ~Binary32.SIGN) >= Binary32.INFINITY) {
      if (Binary32.isNaN(a)) {
        return sign | HALF_INFINITY | (Binary32.quiet(a, e) & Binary32.FRACTION) >>> 13;
      }
      return sign | HALF_INFINITY;
    }
    int x = Binary32.operand(a, e);
    if ((x & ~Binary32.SIGN) == 0) {
      return sign;
    }
    int exponent = Binary32.exponent(x) - Binary32.BIAS + 15;
    long significand = Binary32.significand(x);
    boolean inexact = (significand & HALF_REST) != 0;
    boolean carries = roundHalf(significand, sign != 0, mode) >>> 11 != 0;
    if (exponent > 30 || (exponent == 30 && carries)) {
      return halfOverflow(sign, inexact, mode, e);
    }
    if (exponent > 0) {
      if (inexact) {
        e.flags |= FloatEnvironment.PRECISION;
      }
      return sign + ((exponent - 1) << 10) + roundHalf(significand, sign != 0, mode);
    }
    boolean tiny = exponent < 0 || !carries;
    boolean masked = (e.masks & FloatEnvironment.UNDERFLOW) != 0;
    long denormal = Wide.shiftRightSticky(significand, 1 - exponent);
    boolean lost = (denormal & HALF_REST) != 0;
    if (tiny && (lost || !masked)) {
      e.flags |= FloatEnvironment.UNDERFLOW;
    }
    if (tiny && !masked ? inexact : lost) {
      e.flags |= FloatEnvironment.PRECISION;
    }
    return sign + roundHalf(denormal, sign != 0, mode);
  }

  private static int halfOverflow(int sign, boolean inexact, int mode, FloatEnvironment e) {
    e.flags |= FloatEnvironment.OVERFLOW;
    if (inexact || (e.masks & FloatEnvironment.OVERFLOW) != 0) {
      e.flags |= FloatEnvironment.PRECISION;
    }
    boolean infinite =
        mode == FloatEnvironment.NEAREST
            || mode == (sign != 0 ? FloatEnvironment.DOWN : FloatEnvironment.UP);
    return sign | (infinite ? HALF_INFINITY : HALF_INFINITY - 1);
  }

  /** The upper 11 bits of a significand, rounded. */
  private static int roundHalf(long significand, boolean negative, int mode) {
    int kept = (int) (significand >>> HALF_EXTRA);
    long fraction = significand << (64 - HALF_EXTRA);
    return fraction != 0 && roundsAway(negative, (kept & 1) != 0, fraction, mode) ? kept + 1 : kept;
  }
}
