package dev.hindsight.cpu.instructions.general;

import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Vector;

/**
 * Multiplication and division of 8 to 64 bits with double-width products and dividends (SDM volume
 * 2, MUL, IMUL, DIV, IDIV). Operands must be zero-extended for the unsigned and sign-extended for
 * the signed operations.
 *
 * <p>MUL and IMUL define CF and OF only; SF, ZF and PF are those of the low half and AF is 0.
 * Division leaves the flags alone. See {@code docs/undefined.md}.
 */
public final class Multiplication {
  private Multiplication() {}

  /** High half of an unsigned product, zero-extended. */
  public static long unsignedHigh(long a, long b, int bits) {
    return bits == 64 ? Math.unsignedMultiplyHigh(a, b) : (a * b) >>> bits;
  }

  /** High half of a signed product; bits above {@code bits} repeat its sign. */
  public static long signedHigh(long a, long b, int bits) {
    return bits == 64 ? Math.multiplyHigh(a, b) : (a * b) >> bits;
  }

  /** Flags of MUL; the low half is {@code a * b}. */
  public static void unsignedFlags(Flags f, long low, long high, int bits) {
    boolean over = high != 0;
    f.set(low, bits, over, over, false);
  }

  /** Flags of IMUL; the low half is {@code a * b}. */
  public static void signedFlags(Flags f, long low, long high, int bits) {
    int shift = 64 - bits;
    boolean over = high != (low << shift) >> 63;
    f.set(low, bits, over, over, false);
  }

  /** IMUL with two or three operands: the low half. */
  public static long imul(Flags f, long a, long b, int bits) {
    long low = a * b;
    signedFlags(f, low, signedHigh(a, b, bits), bits);
    return low;
  }

  /**
   * DIV: the quotient of {@code high:low} by {@code divisor}, all zero-extended. The remainder is
   * {@code low - quotient * divisor}, truncated.
   *
   * @throws GuestFault #DE if the divisor is 0 or the quotient has more than {@code bits} bits
   */
  public static long divide(long high, long low, long divisor, int bits) {
    // a quotient fits if and only if the high half is below the divisor; so does 0 / 0 fail
    if (Long.compareUnsigned(high, divisor) >= 0) {
      throw GuestFault.of(Vector.DE);
    }
    return bits == 64
        ? divide128(high, low, divisor)
        : Long.divideUnsigned((high << bits) | low, divisor);
  }

  /**
   * IDIV: the quotient of {@code high:low} by {@code divisor}, all sign-extended but {@code low},
   * which is zero-extended. It is rounded towards zero; the remainder is {@code low - quotient *
   * divisor}, truncated.
   *
   * @throws GuestFault #DE if the divisor is 0 or the quotient is out of range
   */
  public static long divideSigned(long high, long low, long divisor, int bits) {
    if (divisor == 0) {
      throw GuestFault.of(Vector.DE);
    }
    if (bits != 64) {
      long dividend = (high << bits) | low;
      if (divisor == -1 && dividend == Long.MIN_VALUE) {
        throw GuestFault.of(Vector.DE);
      }
      long q = dividend / divisor;
      int shift = 64 - bits;
      if ((q << shift) >> shift != q) {
        throw GuestFault.of(Vector.DE);
      }
      return q;
    }
    boolean negativeDividend = high < 0;
    boolean negative = negativeDividend != divisor < 0;
    long magnitudeLow = negativeDividend ? -low : low;
    long magnitudeHigh = negativeDividend ? ~high + (low == 0 ? 1 : 0) : high;
    long magnitude = divide(magnitudeHigh, magnitudeLow, Math.abs(divisor), 64);
    // as a signed number the magnitude may be 2^63 only if the quotient is negative
    if (magnitude < 0 && !(negative && magnitude == Long.MIN_VALUE)) {
      throw GuestFault.of(Vector.DE);
    }
    return negative ? -magnitude : magnitude;
  }

  /** {@code high:low / divisor}, unsigned, where {@code high < divisor} (Knuth's algorithm D). */
  private static long divide128(long high, long low, long divisor) {
    if (high == 0) {
      return Long.divideUnsigned(low, divisor);
    }
    int s = Long.numberOfLeadingZeros(divisor);
    long d = divisor << s;
    long dHigh = d >>> 32;
    long dLow = d & 0xFFFF_FFFFL;
    long h = s == 0 ? high : (high << s) | (low >>> (64 - s));
    long l = low << s;
    long q1 = digit(h, l >>> 32, dHigh, dLow);
    long rest = ((h << 32) | (l >>> 32)) - q1 * d;
    long q0 = digit(rest, l & 0xFFFF_FFFFL, dHigh, dLow);
    return (q1 << 32) + q0;
  }

  /** One digit of base 2^32: the quotient of {@code high:next} (96 bits) by the divisor. */
  private static long digit(long high, long next, long dHigh, long dLow) {
    long q = Long.divideUnsigned(high, dHigh);
    long rest = high - q * dHigh;
    while (q >>> 32 != 0 || Long.compareUnsigned(q * dLow, (rest << 32) | next) > 0) {
      q--;
      rest += dHigh;
      if (rest >>> 32 != 0) {
        break;
      }
    }
    return q;
  }
}
