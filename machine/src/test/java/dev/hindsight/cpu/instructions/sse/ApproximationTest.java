package dev.hindsight.cpu.instructions.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/** The bound that the manual gives for RCPPS and RSQRTPS, and their special operands. */
class ApproximationTest {
  /** SDM volume 2, RCPPS and RSQRTPS. */
  private static final double BOUND = 1.5 / 4096;

  /** All exponents with fractions that are no multiple of anything. */
  private static void check(IntUnaryOperator ours, DoubleUnaryOperator exact, int lastExponent) {
    int checked = 0;
    for (int exponent = 1; exponent <= lastExponent; exponent++) {
      for (int fraction = exponent; fraction < 1 << 23; fraction += 1019) {
        int a = exponent << 23 | fraction;
        double wanted = exact.applyAsDouble(Float.intBitsToFloat(a));
        double got = Float.intBitsToFloat(ours.applyAsInt(a));
        if (Math.abs(got - wanted) > BOUND * wanted) {
          assertThat(got).as("of %08x", a).isEqualTo(wanted);
        }
        checked++;
      }
    }
    assertThat(checked).isGreaterThan(1_000_000);
  }

  @Test
  void reciprocalsAreWithinTheBound() {
    // from 2^126 on the exact reciprocal is denormal
    check(Approximation::reciprocal, x -> 1 / x, 252);
  }

  @Test
  void reciprocalRootsAreWithinTheBound() {
    check(Approximation::reciprocalRoot, x -> 1 / Math.sqrt(x), 254);
  }

  @Test
  void reciprocalsOfSpecialOperands() {
    assertThat(Approximation.reciprocal(0)).isEqualTo(0x7F80_0000);
    assertThat(Approximation.reciprocal(0x8000_0001)).isEqualTo(0xFF80_0000);
    assertThat(Approximation.reciprocal(0x7F80_0000)).isZero();
    assertThat(Approximation.reciprocal(0xFF80_0000)).isEqualTo(0x8000_0000);
    assertThat(Approximation.reciprocal(0xFE80_0000)).isEqualTo(0x8000_0000);
    assertThat(Approximation.reciprocal(0x7F80_0001)).isEqualTo(0x7FC0_0001);
    assertThat(Approximation.reciprocal(0x3F80_0000)).isEqualTo(0x3F80_0000);
  }

  @Test
  void reciprocalRootsOfSpecialOperands() {
    assertThat(Approximation.reciprocalRoot(0x8000_0000)).isEqualTo(0xFF80_0000);
    assertThat(Approximation.reciprocalRoot(0x0000_0001)).isEqualTo(0x7F80_0000);
    assertThat(Approximation.reciprocalRoot(0xBF80_0000)).isEqualTo(0xFFC0_0000);
    assertThat(Approximation.reciprocalRoot(0xFF80_0000)).isEqualTo(0xFFC0_0000);
    assertThat(Approximation.reciprocalRoot(0x7F80_0000)).isZero();
    assertThat(Approximation.reciprocalRoot(0xFF80_0001)).isEqualTo(0xFFC0_0001);
    assertThat(Approximation.reciprocalRoot(0x4080_0000)).isEqualTo(0x3F00_0000);
  }
}
