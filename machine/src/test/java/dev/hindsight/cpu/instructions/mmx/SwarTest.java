package dev.hindsight.cpu.instructions.mmx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Arithmetic on all elements at once against one element at a time. */
class SwarTest {
  private static final long[] SIZES = {Swar.BYTES, Swar.WORDS, Swar.DOUBLEWORDS};

  private interface Whole {
    long apply(long a, long b, long h);
  }

  /** On sign-extended elements; {@code bits} is their size. */
  private interface Element {
    long apply(long a, long b, int bits);
  }

  private static long corner(SplittableRandom r) {
    long q = r.nextLong();
    // bytes of all ones, zeros, and the extreme values make carries and saturation likely
    for (int i = 0; i < 64; i += 8) {
      long corner = new long[] {0, 0xFF, 0x80, 0x7F, 1}[r.nextInt(5)];
      if (r.nextInt(3) == 0) {
        q = q & ~(0xFFL << i) | corner << i;
      }
    }
    return q;
  }

  private static void check(Whole whole, Element element) {
    SplittableRandom r = new SplittableRandom(1);
    for (int n = 0; n < 30_000; n++) {
      long a = corner(r);
      long b = r.nextInt(4) == 0 ? a : corner(r);
      long h = SIZES[n % SIZES.length];
      int bits = Long.numberOfTrailingZeros(h) + 1;
      long expected = 0;
      for (int i = 0; i < 64; i += bits) {
        long x = a << (64 - bits - i) >> (64 - bits);
        long y = b << (64 - bits - i) >> (64 - bits);
        expected |= (element.apply(x, y, bits) & -1L >>> (64 - bits)) << i;
      }
      assertThat(whole.apply(a, b, h)).as("%x, %x of %d bits", a, b, bits).isEqualTo(expected);
    }
  }

  private static long unsigned(long x, int bits) {
    return x & -1L >>> (64 - bits);
  }

  private static long clampSigned(long x, int bits) {
    return Math.clamp(x, -1L << (bits - 1), (1L << (bits - 1)) - 1);
  }

  @Test
  void sumsAndDifferences() {
    check(Swar::add, (a, b, n) -> a + b);
    check(Swar::subtract, (a, b, n) -> a - b);
    check(Swar::average, (a, b, n) -> (unsigned(a, n) + unsigned(b, n) + 1) >> 1);
    check((a, b, h) -> Swar.absolute(a, h), (a, b, n) -> Math.abs(a));
    check(Swar::sign, (a, b, n) -> a * Long.signum(b));
  }

  @Test
  void saturation() {
    check(Swar::addSaturatingSigned, (a, b, n) -> clampSigned(a + b, n));
    check(Swar::subtractSaturatingSigned, (a, b, n) -> clampSigned(a - b, n));
    check(
        Swar::addSaturatingUnsigned,
        (a, b, n) -> Math.min(unsigned(a, n) + unsigned(b, n), unsigned(-1, n)));
    check(
        Swar::subtractSaturatingUnsigned,
        (a, b, n) -> Math.max(unsigned(a, n) - unsigned(b, n), 0));
  }

  @Test
  void comparisons() {
    check(Swar::equal, (a, b, n) -> a == b ? -1 : 0);
    check(Swar::greater, (a, b, n) -> a > b ? -1 : 0);
    check(Swar::aboveUnsigned, (a, b, n) -> unsigned(a, n) > unsigned(b, n) ? -1 : 0);
    check(Swar::minSigned, (a, b, n) -> Math.min(a, b));
    check(Swar::maxSigned, (a, b, n) -> Math.max(a, b));
    check(Swar::minUnsigned, (a, b, n) -> Math.min(unsigned(a, n), unsigned(b, n)));
    check(Swar::maxUnsigned, (a, b, n) -> Math.max(unsigned(a, n), unsigned(b, n)));
  }

  @Test
  void quadwords() {
    SplittableRandom r = new SplittableRandom(2);
    for (int n = 0; n < 10_000; n++) {
      long a = corner(r);
      long b = r.nextInt(4) == 0 ? a : corner(r);
      assertThat(Swar.equal(a, b, Swar.QUADWORDS)).isEqualTo(a == b ? -1 : 0);
      assertThat(Swar.greater(a, b, Swar.QUADWORDS)).isEqualTo(a > b ? -1 : 0);
    }
  }
}
