package dev.hindsight.cpu.floating;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The transcendental functions against series summed with 900 bits. */
class TranscendentalsTest {
  private static final int CASES = 400;

  /** A result may be off by half a unit in the last place, and 2^-40 of it. */
  private static final int SLACK = 40;

  private final ExtendedEnvironment e = new ExtendedEnvironment();
  private final Random random = new Random(87);

  private interface Operation {
    void apply(int ye, long ys, int xe, long xs);
  }

  private interface Reference {
    BigInteger apply(BigInteger y, BigInteger x);
  }

  /** An exponent field for numbers of 2^from up to 2^to. */
  private int exponent(int from, int to) {
    return 0x3FFF + from + random.nextInt(to - from);
  }

  private long significand() {
    return switch (random.nextInt(4)) {
      case 0 -> Long.MIN_VALUE | random.nextLong() & -(1L << random.nextInt(63));
      case 1 -> Long.MIN_VALUE | random.nextLong(1L << random.nextInt(1, 63));
      default -> Long.MIN_VALUE | random.nextLong();
    };
  }

  private void check(
      String name,
      int yFrom,
      int yTo,
      int xFrom,
      int xTo,
      boolean xPositive,
      Operation o,
      Reference r) {
    e.control(0x37F);
    for (int i = 0; i < CASES; i++) {
      int ye = exponent(yFrom, yTo) | random.nextInt() & 0x8000;
      int xe = exponent(xFrom, xTo) | (xPositive ? 0 : random.nextInt() & 0x8000);
      long ys = significand();
      long xs = significand();
      int mode = random.nextInt(4);
      e.rounding(mode);
      e.clearFlags();
      o.apply(ye, ys, xe, xs);
      BigInteger exact = r.apply(LongFixedPoint.of(ye, ys), LongFixedPoint.of(xe, xs));
      BigInteger ours = LongFixedPoint.of(e.signExponent(), e.significand());
      BigInteger unit =
          BigInteger.ONE.shiftLeft((e.signExponent() & 0x7FFF) - 0x3FFF - 63 + LongFixedPoint.BITS);
      BigInteger bound = mode == 0 ? unit.shiftRight(1) : unit;
      String what =
          String.format(
              "%s of %04x:%016x %04x:%016x, mode %d: %04x:%016x",
              name, ye, ys, xe, xs, mode, e.signExponent(), e.significand());
      BigInteger error = ours.subtract(exact);
      assertThat(error.abs()).as(what).isLessThanOrEqualTo(bound.add(unit.shiftRight(SLACK)));
      boolean away = error.signum() * exact.signum() > 0;
      if (mode == FloatEnvironment.UP) {
        assertThat(error.add(unit.shiftRight(SLACK)).signum()).as(what).isNotNegative();
      } else if (mode == FloatEnvironment.DOWN) {
        assertThat(error.subtract(unit.shiftRight(SLACK)).signum()).as(what).isNotPositive();
      }
      if (error.abs().compareTo(unit.shiftRight(SLACK)) > 0) {
        assertThat(e.flags()).as(what).isEqualTo(FloatEnvironment.PRECISION);
        assertThat(e.roundedUp()).as(what).isEqualTo(away);
      }
    }
  }

  @Test
  void sine() {
    check(
        "sin",
        0,
        1,
        -200,
        63,
        false,
        (ye, ys, xe, xs) -> Trigonometry.sin(xe, xs, e),
        (y, x) -> LongFixedPoint.sin(x));
  }

  @Test
  void cosine() {
    check(
        "cos",
        0,
        1,
        -200,
        63,
        false,
        (ye, ys, xe, xs) -> Trigonometry.cos(xe, xs, e),
        (y, x) -> LongFixedPoint.cos(x));
  }

  @Test
  void tangent() {
    check(
        "tan",
        0,
        1,
        -200,
        63,
        false,
        (ye, ys, xe, xs) -> Trigonometry.tan(xe, xs, e),
        (y, x) -> LongFixedPoint.over(LongFixedPoint.sin(x), LongFixedPoint.cos(x)));
  }

  @Test
  void multiplesOfPi() {
    // the nearest numbers to multiples of pi/2 are where reductions go wrong
    e.control(0x37F);
    BigInteger half = LongFixedPoint.PI.shiftRight(1);
    for (int i = 1; i < 2000; i++) {
      BigInteger multiple = half.multiply(BigInteger.valueOf((random.nextLong() >>> i % 63) + i));
      int length = multiple.bitLength();
      long s = multiple.shiftRight(length - 64).longValue() + random.nextInt(3) - 1;
      int se = 0x3FFF + length - 1 - LongFixedPoint.BITS;
      if (s >= 0 || Trigonometry.isOutOfRange(se, s)) {
        continue;
      }
      Trigonometry.sin(se, s, e);
      BigInteger exact = LongFixedPoint.sin(LongFixedPoint.of(se, s));
      BigInteger ours = LongFixedPoint.of(e.signExponent(), e.significand());
      int unit = (e.signExponent() & 0x7FFF) - 0x3FFF - 63 + LongFixedPoint.BITS;
      assertThat(ours.subtract(exact).abs())
          .as("sin of %04x:%016x", se, s)
          .isLessThanOrEqualTo(
              BigInteger.ONE.shiftLeft(unit - 1).add(BigInteger.ONE.shiftLeft(unit - SLACK)));
    }
  }

  @Test
  void arcTangent() {
    check(
        "atan",
        -50,
        50,
        -50,
        50,
        false,
        (ye, ys, xe, xs) -> ArcTangent.angle(ye, ys, xe, xs, e),
        TranscendentalsTest::angle);
    check(
        "atan",
        -5,
        5,
        -5,
        5,
        false,
        (ye, ys, xe, xs) -> ArcTangent.angle(ye, ys, xe, xs, e),
        TranscendentalsTest::angle);
  }

  private static BigInteger angle(BigInteger y, BigInteger x) {
    BigInteger angle = LongFixedPoint.atan(LongFixedPoint.over(y, x));
    if (x.signum() > 0) {
      return angle;
    }
    return y.signum() > 0 ? angle.add(LongFixedPoint.PI) : angle.subtract(LongFixedPoint.PI);
  }

  private static BigInteger log2(BigInteger x) {
    return LongFixedPoint.over(LongFixedPoint.ln(x), LongFixedPoint.LN_2);
  }

  @Test
  void logarithm() {
    check(
        "log",
        -20,
        20,
        -200,
        200,
        true,
        (ye, ys, xe, xs) -> Logarithm.yLog2(ye, ys, xe, xs, e),
        (y, x) -> LongFixedPoint.times(y, log2(x)));
    check(
        "log",
        -20,
        20,
        -1,
        2,
        true,
        (ye, ys, xe, xs) -> Logarithm.yLog2(ye, ys, xe, xs, e),
        (y, x) -> LongFixedPoint.times(y, log2(x)));
  }

  @Test
  void logarithmNearOne() {
    check(
        "log1p",
        -20,
        20,
        -200,
        -1,
        false,
        (ye, ys, xe, xs) -> Logarithm.yLog2Plus1(ye, ys, xe, xs, e),
        (y, x) -> LongFixedPoint.times(y, log2(x.add(LongFixedPoint.ONE))));
  }

  @Test
  void power() {
    check(
        "f2xm1",
        0,
        1,
        -200,
        0,
        false,
        (ye, ys, xe, xs) -> Exponential.power2Minus1(xe, xs, e),
        (y, x) ->
            LongFixedPoint.exp(LongFixedPoint.times(x, LongFixedPoint.LN_2))
                .subtract(LongFixedPoint.ONE));
  }
}
