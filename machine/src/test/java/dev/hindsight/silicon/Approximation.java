package dev.hindsight.silicon;

import dev.hindsight.x86.Mnemonic;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/** Results of which the manual bounds the error only. */
final class Approximation {
  /**
   * By how many units in the last place two transcendental results may differ: either may be off by
   * one (SDM volume 1, section 8.3.10).
   */
  private static final long TRANSCENDENTAL_UNITS = 2;

  /** Relative error of RCPPS and RSQRTPS: 1.5 * 2^-12 each (SDM volume 2), so twice that. */
  private static final double RECIPROCAL_ERROR = 3.0 / 4096;

  /** Relative error of pi to 66 bits. */
  private static final BigDecimal PI_ERROR =
      BigDecimal.ONE.divide(BigDecimal.TWO.pow(65), MathContext.DECIMAL128);

  private static final MathContext DIGITS = new MathContext(60);

  private Approximation() {}

  /** Whether an instruction is one of the x87 transcendentals. */
  static boolean isTranscendental(Mnemonic m) {
    return switch (m) {
      case F2XM1, FYL2X, FYL2XP1, FPTAN, FPATAN, FSIN, FCOS, FSINCOS -> true;
      default -> false;
    };
  }

  /** Whether two transcendental results are close: neighbours in the order of the format. */
  static boolean close(
      int signExponent, long significand, int otherSignExponent, long otherSignificand) {
    int exponent = signExponent & 0x7FFF;
    int otherExponent = otherSignExponent & 0x7FFF;
    if ((signExponent ^ otherSignExponent) >> 15 != 0
        || exponent == 0x7FFF
        || otherExponent == 0x7FFF
        || Math.abs(exponent - otherExponent) > 1) {
      return false;
    }
    // the integer bit counts as the exponent's lowest bit would
    long distance = (significand << 1) - (otherSignificand << 1);
    if (exponent == otherExponent) {
      return Math.abs(distance >> 1) <= TRANSCENDENTAL_UNITS;
    }
    return Math.abs(distance) <= 2 * TRANSCENDENTAL_UNITS;
  }

  /**
   * Whether two results of a trigonometric instruction are as close as two approximations of pi
   * allow: of a large argument they take the remainder, with pi to 66 bits or more (SDM volume 1,
   * section 8.3.8).
   *
   * @param argument the operand
   */
  static boolean closeForPi(Mnemonic m, BigDecimal argument, BigDecimal one, BigDecimal other) {
    BigDecimal slope = m == Mnemonic.FPTAN ? one.pow(2).add(BigDecimal.ONE) : BigDecimal.ONE;
    BigDecimal error = argument.abs().multiply(PI_ERROR).multiply(slope, DIGITS);
    return switch (m) {
      case FSIN, FCOS, FSINCOS, FPTAN ->
          one.subtract(other).abs().compareTo(error.multiply(BigDecimal.TWO)) <= 0;
      default -> false;
    };
  }

  /** The value of a finite number of extended precision. */
  static BigDecimal value(int signExponent, long significand) {
    BigDecimal integer = new BigDecimal(new BigInteger(Long.toUnsignedString(significand)));
    int exponent = Math.max(1, signExponent & 0x7FFF) - 0x3FFF - 63;
    BigDecimal power = BigDecimal.TWO.pow(Math.abs(exponent), DIGITS);
    BigDecimal magnitude =
        exponent < 0 ? integer.divide(power, DIGITS) : integer.multiply(power, DIGITS);
    return (signExponent & 0x8000) == 0 ? magnitude : magnitude.negate();
  }

  /** Whether two quadwords with results of a reciprocal approximation are close. */
  static boolean close(Mnemonic m, long one, long other) {
    return switch (m) {
      case RCPPS, RCPSS, RSQRTPS, RSQRTSS, VRCPPS, VRCPSS, VRSQRTPS, VRSQRTSS ->
          close((int) one, (int) other) && close((int) (one >>> 32), (int) (other >>> 32));
      default -> false;
    };
  }

  private static boolean close(int one, int other) {
    if (one == other) {
      return true;
    }
    double a = Float.intBitsToFloat(one);
    double b = Float.intBitsToFloat(other);
    return Math.abs(a - b) <= RECIPROCAL_ERROR * Math.abs(a);
  }
}
