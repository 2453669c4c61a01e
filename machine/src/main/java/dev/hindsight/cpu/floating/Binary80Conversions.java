package dev.hindsight.cpu.floating;

/**
 * Conversions between the x87's 80-bit numbers and binary32, binary64, integers and packed decimals
 * (SDM volume 1, sections 4.8.4 and 8.2; FLD, FST, FILD, FIST, FBLD, FBSTP and FRNDINT in volume
 * 2).
 */
public final class Binary80Conversions {
  private static final long DECIMAL_LIMIT = 1_000_000_000_000_000_000L;

  private Binary80Conversions() {}

  // ---- to 80 bits

  /** A signed integer; exact. */
  public static void fromInteger(long value, ExtendedEnvironment e) {
    if (value == 0) {
      e.result(0, 0);
      return;
    }
    int sign = value < 0 ? Binary80.SIGN : 0;
    long magnitude = Math.abs(value);
    int zeros = Long.numberOfLeadingZeros(magnitude);
    e.result(sign | Binary80.BIAS + 63 - zeros, magnitude << zeros);
  }

  /** A binary32 as FLD does it: an SNaN is invalid, a denormal number is flagged. */
  public static void fromBinary32(int a, ExtendedEnvironment e) {
    widen(a, e);
    afterLoad(Binary32.isDenormal(a), e);
  }

  /** A binary64 as FLD does it: an SNaN is invalid, a denormal number is flagged. */
  public static void fromBinary64(long a, ExtendedEnvironment e) {
    widen(a, e);
    afterLoad(Binary64.isDenormal(a), e);
  }

  private static void afterLoad(boolean denormal, ExtendedEnvironment e) {
    if (denormal) {
      e.flags |= FloatEnvironment.DENORMAL;
    } else if (Binary80.isNaN(e.signExponent, e.significand)) {
      Binary80.isSpecial(e.signExponent, e.significand, e);
    }
  }

  /** A binary32 as it is, for arithmetic with a memory operand: an SNaN stays one, no flags. */
  public static void widen(int a, ExtendedEnvironment e) {
    int sign = a >>> 16 & Binary80.SIGN;
    if ((a & ~Binary32.SIGN) >= Binary32.INFINITY) {
      e.result(
          sign | Binary80.EXPONENT_MAX, Binary80.INTEGER | (long) (a & Binary32.FRACTION) << 40);
      return;
    }
    long significand = Binary32.significand(a) << 1;
    if (significand == 0) {
      e.result(sign, 0);
      return;
    }
    e.result(sign | Binary32.exponent(a) - Binary32.BIAS + Binary80.BIAS, significand);
  }

  /** A binary64 as it is, for arithmetic with a memory operand: an SNaN stays one, no flags. */
  public static void widen(long a, ExtendedEnvironment e) {
    int sign = (int) (a >>> 48) & Binary80.SIGN;
    if ((a & ~Binary64.SIGN) >= Binary64.INFINITY) {
      e.result(sign | Binary80.EXPONENT_MAX, Binary80.INTEGER | (a & Binary64.FRACTION) << 11);
      return;
    }
    long significand = Binary64.significand(a) << 1;
    if (significand == 0) {
      e.result(sign, 0);
      return;
    }
    e.result(sign | Binary64.exponent(a) - Binary64.BIAS + Binary80.BIAS, significand);
  }

  /**
   * A packed decimal of 18 digits; exact. Digits above 9 count as what they are.
   *
   * @param digits the lower 8 bytes
   * @param high the upper 2 bytes: two digits, and the sign in bit 15
   */
  public static void fromDecimal(long digits, int high, ExtendedEnvironment e) {
    long value = (high >>> 4 & 15) * 10L + (high & 15);
    for (int shift = 60; shift >= 0; shift -= 4) {
      value = value * 10 + (digits >>> shift & 15);
    }
    fromInteger(value, e);
    e.signExponent |= high & Binary80.SIGN;
  }

  // ---- from 80 bits

  /** To binary32. After an unmasked exception other than precision the value must not be stored. */
  public static int toBinary32(int se, long s, ExtendedEnvironment e) {
    int sign = (se & Binary80.SIGN) << 16;
    if (Binary80.isSpecial(se, s, e)) {
      return (e.signExponent & Binary80.SIGN) << 16
          | Binary32.INFINITY
          | (int) (e.significand << 1 >>> 41);
    }
    if (Binary80.isInfinite(se, s)) {
      return sign | Binary32.INFINITY;
    }
    if (s == 0) {
      return sign;
    }
    int exponent = Binary80.exponent(se, s) - Binary80.BIAS + Binary32.BIAS;
    long significand = Binary80.significand(s);
    long narrow = significand >>> 1 | significand & 1;
    int result = Binary32.round(sign, exponent, narrow, e);
    e.roundedUp =
        (e.flags & FloatEnvironment.PRECISION) != 0
            && ((result & ~Binary32.SIGN) == Binary32.INFINITY
                || isAbove(
                    Binary32.exponent(result), Binary32.significand(result), exponent, narrow));
    return result;
  }

  /** To binary64; see {@link #toBinary32}. */
  public static long toBinary64(int se, long s, ExtendedEnvironment e) {
    long sign = (long) (se & Binary80.SIGN) << 48;
    if (Binary80.isSpecial(se, s, e)) {
      return (long) (e.signExponent & Binary80.SIGN) << 48
          | Binary64.INFINITY
          | e.significand << 1 >>> 12;
    }
    if (Binary80.isInfinite(se, s)) {
      return sign | Binary64.INFINITY;
    }
    if (s == 0) {
      return sign;
    }
    int exponent = Binary80.exponent(se, s) - Binary80.BIAS + Binary64.BIAS;
    long significand = Binary80.significand(s);
    long narrow = significand >>> 1 | significand & 1;
    long result = Binary64.round(sign, exponent, narrow, e);
    e.roundedUp =
        (e.flags & FloatEnvironment.PRECISION) != 0
            && ((result & ~Binary64.SIGN) == Binary64.INFINITY
                || isAbove(
                    Binary64.exponent(result), Binary64.significand(result), exponent, narrow));
    return result;
  }

  private static boolean isAbove(int ea, long sa, int eb, long sb) {
    return sa != 0 && (ea > eb || (ea == eb && sa > sb));
  }

  /**
   * To a signed integer.
   *
   * @param mode rounding mode, in the encoding of RC
   * @param max the greatest integer of the format: 2^15-1, 2^31-1 or 2^63-1
   * @return the integer; {@link Long#MIN_VALUE} (whose low bits are not the indefinite of narrower
   *     formats) and an invalid operation if it does not fit
   */
  public static long toInteger(int se, long s, int mode, long max, ExtendedEnvironment e) {
    boolean negative = (se & Binary80.SIGN) != 0;
    long whole = magnitude(se, s, mode, negative ? max + 1 : max, e);
    return negative ? -whole : whole;
  }

  /** Absolute value, rounded; -2^63 and an invalid operation if it is not at most {@code max}. */
  private static long magnitude(int se, long s, int mode, long max, ExtendedEnvironment e) {
    int exponent = Binary80.exponent(se, s) - Binary80.BIAS;
    if (s == 0 && (se & Binary80.EXPONENT_MAX) == 0) {
      return 0;
    }
    if (exponent > 63 || Binary80.isUnsupported(se, s)) {
      e.flags |= FloatEnvironment.INVALID;
      return Long.MIN_VALUE;
    }
    boolean negative = (se & Binary80.SIGN) != 0;
    long significand = Binary80.significand(s);
    long fraction = fraction(exponent, significand);
    long whole = exponent < 0 ? 0 : significand >>> (63 - exponent);
    boolean up =
        fraction != 0 && FloatConversions.roundsAway(negative, (whole & 1) != 0, fraction, mode);
    whole += up ? 1 : 0;
    if (Long.compareUnsigned(whole, max) > 0) {
      e.flags |= FloatEnvironment.INVALID;
      return Long.MIN_VALUE;
    }
    e.roundedUp = up;
    if (fraction != 0) {
      e.flags |= FloatEnvironment.PRECISION;
    }
    return whole;
  }

  /** The part of {@code significand * 2^(exponent - 63)} below 1, as a sticky fraction of 2^64. */
  private static long fraction(int exponent, long significand) {
    if (exponent >= 63) {
      return 0;
    }
    return exponent >= -1
        ? significand << (exponent + 1)
        : Wide.shiftRightSticky(significand, Math.min(-1 - exponent, 64));
  }

  /**
   * To a packed decimal: the lower 8 bytes become the result's significand, the upper 2 bytes its
   * sign and exponent.
   */
  public static void toDecimal(int se, long s, ExtendedEnvironment e) {
    long value = magnitude(se, s, e.rounding, DECIMAL_LIMIT - 1, e);
    if (value < 0) {
      e.result(0xFFFF, 0xC000_0000_0000_0000L);
      return;
    }
    long digits = 0;
    for (int shift = 0; shift < 64; shift += 4) {
      digits |= value % 10 << shift;
      value /= 10;
    }
    e.result(se & Binary80.SIGN | (int) (value % 10) | (int) (value / 10) << 4, digits);
  }

  /** FRNDINT: to an integral value. */
  public static void roundToIntegral(int se, long s, ExtendedEnvironment e) {
    if (Binary80.isSpecial(se, s, e)) {
      return;
    }
    e.result(se, s);
    if (s == 0) {
      return;
    }
    Binary80.operand(se, s, e);
    int exponent = Binary80.exponent(se, s) - Binary80.BIAS;
    if (exponent >= 63) {
      return;
    }
    boolean negative = (se & Binary80.SIGN) != 0;
    long significand = Binary80.significand(s);
    long fraction = fraction(exponent, significand);
    if (fraction == 0) {
      return;
    }
    long whole = exponent < 0 ? 0 : significand >>> (63 - exponent);
    boolean up = FloatConversions.roundsAway(negative, (whole & 1) != 0, fraction, e.rounding);
    e.roundedUp = up;
    e.flags |= FloatEnvironment.PRECISION;
    fromInteger(whole + (up ? 1 : 0), e);
    e.signExponent |= se & Binary80.SIGN;
  }
}
