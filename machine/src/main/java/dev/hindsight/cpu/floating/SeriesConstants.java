package dev.hindsight.cpu.floating;

import java.math.BigInteger;

/**
 * Constants and coefficients of the transcendental functions, computed from their definitions when
 * the class is loaded, with many bits more than are used.
 */
final class SeriesConstants {
  /** Bits after the point of the integers that constants are computed in. */
  private static final int WORK = 400;

  private static final BigInteger ONE = BigInteger.ONE.shiftLeft(WORK);

  /** The tables have their arguments in steps of 1/32. */
  static final int STEPS = 32;

  /** 1/3!, 1/5!, 1/7!… of the sine. */
  static final Fraction[] SINE = factorials(3, 2, 16);

  /** 1/2!, 1/4!, 1/6!… of the cosine. */
  static final Fraction[] COSINE = factorials(2, 2, 16);

  /** 1/2!, 1/3!, 1/4!… of the exponential function. */
  static final Fraction[] EXPONENTIAL = factorials(2, 1, 16);

  /** 1/3, 1/5, 1/7… of the circular and hyperbolic arc tangents. */
  static final Fraction[] ODD = odd(11);

  /** Arc tangents of i/32, for i from 0 to 32. */
  static final Fraction[] ARC_TANGENT = arcTangents();

  /** Magnitudes of binary logarithms of i/32, for i from 0 (unused) to 64. */
  static final Scaled[] LOGARITHM = logarithms();

  /** 2^(i/32) / 4, for i + 32 from 0 to 64. */
  static final Fraction[] POWER = powers();

  private static final BigInteger PI_WORK = arcTangent(1, 1).shiftLeft(2);

  /** Pi. */
  static final Scaled PI = scaled(PI_WORK);

  /** Pi / 2. */
  static final Scaled HALF_PI = new Scaled(PI.fraction(), PI.exponent() - 1);

  /** 2 / pi: its first 256 bits, most significant first. */
  static final long[] TWO_OVER_PI = twoOverPi();

  /** Natural logarithm of 2. */
  static final Scaled LN_2 = scaled(naturalLogarithm(2, 1));

  /** 2 / ln 2. */
  static final Scaled TWO_LOG2_E = scaled(ONE.shiftLeft(WORK + 1).divide(naturalLogarithm(2, 1)));

  private SeriesConstants() {}

  private static Fraction fraction(BigInteger work) {
    return Fraction.of(work.shiftRight(WORK - Fraction.BITS));
  }

  private static Scaled scaled(BigInteger work) {
    if (work.signum() == 0) {
      return new Scaled(Fraction.ZERO, 0);
    }
    int exponent = work.bitLength() - WORK;
    return new Scaled(Fraction.of(work.shiftRight(exponent + WORK - Fraction.BITS)), exponent);
  }

  /** 1/n! for n from {@code first} in steps. */
  private static Fraction[] factorials(int first, int step, int count) {
    Fraction[] terms = new Fraction[count];
    for (int i = 0; i < count; i++) {
      BigInteger factorial = BigInteger.ONE;
      for (int n = 2; n <= first + i * step; n++) {
        factorial = factorial.multiply(BigInteger.valueOf(n));
      }
      terms[i] = fraction(ONE.divide(factorial));
    }
    return terms;
  }

  private static Fraction[] odd(int count) {
    Fraction[] terms = new Fraction[count];
    for (int i = 0; i < count; i++) {
      terms[i] = fraction(ONE.divide(BigInteger.valueOf(2 * i + 3)));
    }
    return terms;
  }

  /** Arc tangent of a/b up to 1, by Euler's series, whose terms shrink by half or more. */
  private static BigInteger arcTangent(int a, int b) {
    BigInteger squares = BigInteger.valueOf(a * a + b * b);
    BigInteger term = ONE.multiply(BigInteger.valueOf(a * b)).divide(squares);
    BigInteger sum = term;
    for (int n = 1; term.signum() != 0; n++) {
      term =
          term.multiply(BigInteger.valueOf(2L * n * a * a))
              .divide(squares.multiply(BigInteger.valueOf(2 * n + 1)));
      sum = sum.add(term);
    }
    return sum;
  }

  /** Natural logarithm of a/b: twice the hyperbolic arc tangent of (a-b)/(a+b). */
  private static BigInteger naturalLogarithm(int a, int b) {
    BigInteger up = BigInteger.valueOf(a - b);
    BigInteger down = BigInteger.valueOf(a + b);
    BigInteger power = ONE.multiply(up).divide(down);
    BigInteger sum = power;
    for (int n = 3; power.signum() != 0; n += 2) {
      power = power.multiply(up).multiply(up).divide(down).divide(down);
      sum = sum.add(power.divide(BigInteger.valueOf(n)));
    }
    return sum.shiftLeft(1);
  }

  private static Fraction[] arcTangents() {
    Fraction[] table = new Fraction[STEPS + 1];
    for (int i = 0; i <= STEPS; i++) {
      table[i] = fraction(arcTangent(i, STEPS));
    }
    return table;
  }

  private static Scaled[] logarithms() {
    BigInteger ln2 = naturalLogarithm(2, 1);
    Scaled[] table = new Scaled[2 * STEPS + 1];
    table[0] = new Scaled(Fraction.ZERO, 0);
    for (int i = 1; i <= 2 * STEPS; i++) {
      table[i] = scaled(naturalLogarithm(i, STEPS).abs().shiftLeft(WORK).divide(ln2));
    }
    return table;
  }

  private static Fraction[] powers() {
    BigInteger root = ONE.shiftLeft(1);
    for (int i = 1; i < STEPS; i *= 2) {
      root = root.shiftLeft(WORK).sqrt();
    }
    Fraction[] table = new Fraction[2 * STEPS + 1];
    BigInteger power = ONE.shiftRight(1);
    for (int i = 0; i <= 2 * STEPS; i++) {
      table[i] = fraction(power.shiftRight(2));
      power = power.multiply(root).shiftRight(WORK);
    }
    return table;
  }

  private static long[] twoOverPi() {
    BigInteger bits = ONE.shiftLeft(WORK + 1).divide(PI_WORK).shiftRight(WORK - 256);
    long[] words = new long[4];
    for (int i = 0; i < 4; i++) {
      words[i] = bits.shiftRight(192 - 64 * i).longValue();
    }
    return words;
  }
}
