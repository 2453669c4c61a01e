package dev.hindsight.cpu.floating;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.cpu.floating.ExactArithmetic.Rational;
import dev.hindsight.cpu.floating.ExactArithmetic.Rounded;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

/** Arithmetic and conversions of all formats against exact rational arithmetic, with flags. */
class ExactArithmeticTest {
  private static final int CASES = 20_000;
  private static final int EXTENDED_CASES = 1_500;

  private final RandomOperands operands = new RandomOperands(754);
  private final ExtendedEnvironment e = new ExtendedEnvironment();

  // ---- binary32 and binary64, as numbers with at most 63 bits

  private interface Operation {
    long apply(long a, long b, long c);
  }

  private interface Exact {
    Rational apply(Rational a, Rational b, Rational c);
  }

  private void check(String name, boolean doubles, int count, Operation operation, Exact exact) {
    ExactArithmetic format = doubles ? ExactArithmetic.BINARY64 : ExactArithmetic.BINARY32;
    for (int i = 0; i < CASES; i++) {
      long a = number(doubles);
      long b = operands.random().nextInt(4) == 0 ? near(a, doubles) : number(doubles);
      long c = operands.random().nextInt(4) == 0 ? near(a, doubles) : number(doubles);
      if (isSpecial(a, doubles) || isSpecial(b, doubles) || isSpecial(c, doubles)) {
        continue;
      }
      Rational result = exact.apply(value(a, doubles), value(b, doubles), value(c, doubles));
      if (result.up().signum() == 0 || result.down().signum() == 0) {
        continue;
      }
      int mode = operands.random().nextInt(4);
      e.rounding(mode);
      e.clearFlags();
      long ours = operation.apply(a, b, c);
      Rounded rounded = format.round(result, mode);
      boolean denormal =
          isDenormal(a, doubles)
              || (count > 1 && isDenormal(b, doubles))
              || (count > 2 && isDenormal(c, doubles));
      int flags = rounded.flags() | (denormal ? FloatEnvironment.DENORMAL : 0);
      String what = String.format("%s of %x %x %x, mode %d", name, a, b, c, mode);
      assertThat(Long.toHexString(ours))
          .as(what)
          .isEqualTo(Long.toHexString(pack(rounded, result.up().signum() < 0, doubles)));
      assertThat(e.flags()).as(what).isEqualTo(flags);
    }
  }

  private long number(boolean doubles) {
    return doubles ? operands.binary64() : operands.binary32();
  }

  private long near(long a, boolean doubles) {
    return doubles ? operands.near(a) : operands.near((int) a);
  }

  private static boolean isSpecial(long a, boolean doubles) {
    return doubles ? (a >> 52 & 0x7FF) == 0x7FF : (a >> 23 & 0xFF) == 0xFF;
  }

  private static boolean isDenormal(long a, boolean doubles) {
    return doubles
        ? (a >> 52 & 0x7FF) == 0 && a << 12 != 0
        : (a >> 23 & 0xFF) == 0 && (a & 0x7F_FFFF) != 0;
  }

  private static Rational value(long a, boolean doubles) {
    int bits = doubles ? 52 : 23;
    int field = (int) (a >> bits & (doubles ? 0x7FF : 0xFF));
    long n = a & ((1L << bits) - 1) | (field == 0 ? 0 : 1L << bits);
    int exponent = Math.max(field, 1) - (doubles ? 1075 : 150);
    return Rational.of(BigInteger.valueOf(a < 0 ? -n : n), exponent);
  }

  private static long pack(Rounded r, boolean negative, boolean doubles) {
    int bits = doubles ? 52 : 23;
    long infinity = (doubles ? 0x7FFL : 0xFFL) << bits;
    long sign = doubles ? Long.MIN_VALUE : Integer.MIN_VALUE;
    long magnitude = infinity;
    if (r.n() != null) {
      long n = r.n().longValueExact();
      if (n == 2L << bits) {
        magnitude = (long) (r.unit() + 1 + (doubles ? 1075 : 150)) << bits;
      } else {
        int field = n < 1L << bits ? 0 : r.unit() + (doubles ? 1075 : 150);
        magnitude = (long) field << bits | n & ((1L << bits) - 1);
      }
    }
    return negative ? sign | magnitude : magnitude;
  }

  @Test
  void binary64() {
    check("add", true, 2, (a, b, c) -> Binary64.add(a, b, e), (a, b, c) -> a.plus(b));
    check("sub", true, 2, (a, b, c) -> Binary64.sub(a, b, e), (a, b, c) -> a.plus(minus(b)));
    check("mul", true, 2, (a, b, c) -> Binary64.mul(a, b, e), (a, b, c) -> a.times(b));
    check("div", true, 2, (a, b, c) -> Binary64.div(a, b, e), (a, b, c) -> a.over(b));
    check("sqrt", true, 1, (a, b, c) -> Binary64.sqrt(a, e), (a, b, c) -> root(a));
    check(
        "fma",
        true,
        3,
        (a, b, c) -> Binary64.fma(a, b, c, false, false, e),
        (a, b, c) -> a.times(b).plus(c));
  }

  @Test
  void binary32() {
    check("add", false, 2, (a, b, c) -> Binary32.add((int) a, (int) b, e), (a, b, c) -> a.plus(b));
    check(
        "sub",
        false,
        2,
        (a, b, c) -> Binary32.sub((int) a, (int) b, e),
        (a, b, c) -> a.plus(minus(b)));
    check("mul", false, 2, (a, b, c) -> Binary32.mul((int) a, (int) b, e), (a, b, c) -> a.times(b));
    check("div", false, 2, (a, b, c) -> Binary32.div((int) a, (int) b, e), (a, b, c) -> a.over(b));
    check("sqrt", false, 1, (a, b, c) -> Binary32.sqrt((int) a, e), (a, b, c) -> root(a));
    check(
        "fma",
        false,
        3,
        (a, b, c) -> Binary32.fma((int) a, (int) b, (int) c, false, false, e),
        (a, b, c) -> a.times(b).plus(c));
  }

  private static Rational minus(Rational a) {
    return new Rational(a.up().negate(), a.down());
  }

  /** The root, or zero (which is left out) of a negative number. */
  private static Rational root(Rational a) {
    return a.up().signum() <= 0 ? new Rational(BigInteger.ZERO, BigInteger.ONE) : a.root();
  }

  @Test
  void narrowing() {
    for (int i = 0; i < CASES; i++) {
      long a = operands.binary64();
      if (isSpecial(a, true) || a << 1 == 0) {
        continue;
      }
      int mode = operands.random().nextInt(4);
      e.rounding(mode);
      e.clearFlags();
      int ours = FloatConversions.binary64ToBinary32(a, e);
      Rounded rounded = ExactArithmetic.BINARY32.round(value(a, true), mode);
      assertThat((long) ours).as("%x, mode %d", a, mode).isEqualTo(pack(rounded, a < 0, false));
      assertThat(e.flags())
          .isEqualTo(rounded.flags() | (isDenormal(a, true) ? FloatEnvironment.DENORMAL : 0));
    }
  }

  @Test
  void integers() {
    for (int i = 0; i < CASES; i++) {
      long n = operands.random().nextLong() >> operands.random().nextInt(64);
      if (n == 0) {
        continue;
      }
      int mode = operands.random().nextInt(4);
      e.rounding(mode);
      e.clearFlags();
      Rational value = Rational.of(BigInteger.valueOf(n), 0);
      Rounded doubles = ExactArithmetic.BINARY64.round(value, mode);
      assertThat(FloatConversions.int64ToBinary64(n, e)).isEqualTo(pack(doubles, n < 0, true));
      assertThat(e.flags()).isEqualTo(doubles.flags());
      e.clearFlags();
      Rounded singles = ExactArithmetic.BINARY32.round(value, mode);
      assertThat((long) FloatConversions.int64ToBinary32(n, e))
          .isEqualTo(pack(singles, n < 0, false));
      assertThat(e.flags()).isEqualTo(singles.flags());
    }
  }

  // ---- 80 bits

  private interface Operation80 {
    void apply(int ae, long as, int be, long bs);
  }

  private void check80(String name, boolean binary, Operation80 operation, Exact exact) {
    int[] precisions = {0x000, 0x200, 0x300};
    for (int i = 0; i < EXTENDED_CASES; i++) {
      long[] a = operands.binary80();
      long[] b = operands.random().nextInt(3) == 0 ? operands.near(a) : operands.binary80();
      if (!Binary80.isFinite((int) a[0], a[1]) || !Binary80.isFinite((int) b[0], b[1])) {
        continue;
      }
      Rational result = exact.apply(value(a), value(b), value(b));
      if (result.up().signum() == 0 || result.down().signum() == 0) {
        continue;
      }
      int mode = operands.random().nextInt(4);
      e.control(0x7F | precisions[i % 3] | mode << 10);
      operation.apply((int) a[0], a[1], (int) b[0], b[1]);
      Rounded rounded = ExactArithmetic.binary80(e.precision).round(result, mode);
      boolean denormal =
          Binary80.isDenormal((int) a[0], a[1])
              || (binary && Binary80.isDenormal((int) b[0], b[1]));
      String what =
          String.format(
              "%s of %04x:%016x %04x:%016x, mode %d, precision %d",
              name, a[0], a[1], b[0], b[1], mode, e.precision);
      assertThat(String.format("%04x:%016x", e.signExponent(), e.significand()))
          .as(what)
          .isEqualTo(pack80(rounded, result.up().signum() < 0));
      assertThat(e.flags())
          .as(what)
          .isEqualTo(rounded.flags() | (denormal ? FloatEnvironment.DENORMAL : 0));
    }
  }

  private static Rational value(long[] a) {
    BigInteger n = new BigInteger(Long.toUnsignedString(a[1]));
    int exponent = Math.max((int) a[0] & 0x7FFF, 1) - 0x3FFF - 63;
    return Rational.of((a[0] & 0x8000) != 0 ? n.negate() : n, exponent);
  }

  private static String pack80(Rounded r, boolean negative) {
    int sign = negative ? 0x8000 : 0;
    if (r.n() == null) {
      return String.format("%04x:%016x", sign | 0x7FFF, Long.MIN_VALUE);
    }
    // a significand of 64 bits, shorter only if denormal
    int shift = Math.min(64 - r.n().bitLength(), r.unit() + 0x3FFF - 1 + 63);
    long significand = (shift >= 0 ? r.n().shiftLeft(shift) : r.n().shiftRight(-shift)).longValue();
    int exponent = r.unit() - shift + 63 + 0x3FFF;
    return String.format("%04x:%016x", sign | (significand < 0 ? exponent : 0), significand);
  }

  @Test
  void binary80() {
    check80("add", true, (a, b, c, d) -> Binary80.add(a, b, c, d, e), (a, b, c) -> a.plus(b));
    check80(
        "sub", true, (a, b, c, d) -> Binary80.sub(a, b, c, d, e), (a, b, c) -> a.plus(minus(b)));
    check80("mul", true, (a, b, c, d) -> Binary80.mul(a, b, c, d, e), (a, b, c) -> a.times(b));
    check80("div", true, (a, b, c, d) -> Binary80.div(a, b, c, d, e), (a, b, c) -> a.over(b));
    check80("sqrt", false, (a, b, c, d) -> Binary80.sqrt(a, b, e), (a, b, c) -> root(a));
  }
}
