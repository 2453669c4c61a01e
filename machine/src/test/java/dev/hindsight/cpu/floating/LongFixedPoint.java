package dev.hindsight.cpu.floating;

import java.math.BigInteger;

/**
 * Elementary functions on big fixed-point numbers, by other ways than the ones under test: plain
 * Taylor series after halving the argument, and Newton's method. Numbers are multiples of 2^-BITS.
 */
final class LongFixedPoint {
  static final int BITS = 900;
  static final BigInteger ONE = BigInteger.ONE.shiftLeft(BITS);
  static final BigInteger PI = pi();
  static final BigInteger LN_2 = ln(ONE.shiftLeft(1));

  private LongFixedPoint() {}

  static BigInteger times(BigInteger a, BigInteger b) {
    return a.multiply(b).shiftRight(BITS);
  }

  static BigInteger over(BigInteger a, BigInteger b) {
    return a.shiftLeft(BITS).divide(b);
  }

  /** The exact value of a finite 80-bit number, whose lowest bit must not be below the steps. */
  static BigInteger of(int se, long s) {
    BigInteger n = new BigInteger(Long.toUnsignedString(s));
    int shift = (se & 0x7FFF) - 0x3FFF - 63 + BITS;
    BigInteger magnitude = n.shiftLeft(shift);
    return (se & 0x8000) != 0 ? magnitude.negate() : magnitude;
  }

  private static BigInteger pi() {
    // Machin: 16 atan(1/5) - 4 atan(1/239)
    return inverseArcTangent(5).shiftLeft(4).subtract(inverseArcTangent(239).shiftLeft(2));
  }

  private static BigInteger inverseArcTangent(int n) {
    BigInteger power = ONE.divide(BigInteger.valueOf(n));
    BigInteger sum = power;
    BigInteger square = BigInteger.valueOf((long) n * n);
    for (int k = 3; power.signum() != 0; k += 2) {
      power = power.divide(square).negate();
      sum = sum.add(power.divide(BigInteger.valueOf(k)));
    }
    return sum;
  }

  static BigInteger exp(BigInteger x) {
    int halvings = 12;
    BigInteger y = x.shiftRight(halvings);
    BigInteger term = ONE;
    BigInteger sum = ONE;
    for (int n = 1; term.signum() != 0 && !term.equals(BigInteger.ONE.negate()); n++) {
      term = times(term, y).divide(BigInteger.valueOf(n));
      sum = sum.add(term);
    }
    for (int i = 0; i < halvings; i++) {
      sum = times(sum, sum);
    }
    return sum;
  }

  /** Natural logarithm, by Newton's (Halley's) method. */
  static BigInteger ln(BigInteger x) {
    int shift = x.bitLength() - BITS - 1;
    if (shift != 0) {
      BigInteger whole = BigInteger.valueOf(shift);
      // ln 2 is twice the logarithm of the root of 2, which needs no shift
      BigInteger ln2 = ln(ONE.shiftLeft(BITS + 1).sqrt()).shiftLeft(1);
      BigInteger m = shift > 0 ? x.shiftRight(shift) : x.shiftLeft(-shift);
      return ln(m).add(ln2.multiply(whole));
    }
    BigInteger m = x;
    BigInteger y = m.subtract(ONE).shiftRight(1);
    for (int i = 0; i < 6; i++) {
      BigInteger power = exp(y);
      y = y.add(over(m.subtract(power).shiftLeft(1), m.add(power)));
    }
    return y;
  }

  static BigInteger sin(BigInteger x) {
    BigInteger turn = PI.shiftLeft(1);
    BigInteger r = x.mod(turn);
    BigInteger square = times(r, r);
    BigInteger term = r;
    BigInteger sum = r;
    for (int n = 2; term.abs().bitLength() > 1; n += 2) {
      term = times(term, square).divide(BigInteger.valueOf((long) n * (n + 1))).negate();
      sum = sum.add(term);
    }
    return sum;
  }

  static BigInteger cos(BigInteger x) {
    return sin(x.add(PI.shiftRight(1)));
  }

  /** Arc tangent of any number. */
  static BigInteger atan(BigInteger x) {
    if (x.signum() < 0) {
      return atan(x.negate()).negate();
    }
    if (x.compareTo(ONE) > 0) {
      return PI.shiftRight(1).subtract(atan(over(ONE, x)));
    }
    BigInteger y = x;
    int halvings = 5;
    for (int i = 0; i < halvings; i++) {
      BigInteger root = ONE.add(times(y, y)).shiftLeft(BITS).sqrt();
      y = over(y, ONE.add(root));
    }
    BigInteger square = times(y, y);
    BigInteger power = y;
    BigInteger sum = y;
    for (int n = 3; power.abs().bitLength() > 1; n += 2) {
      power = times(power, square).negate();
      sum = sum.add(power.divide(BigInteger.valueOf(n)));
    }
    return sum.shiftLeft(halvings);
  }
}
