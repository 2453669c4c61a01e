package dev.hindsight.cpu.instructions.sse;

import static dev.hindsight.cpu.instructions.vector.PackedForms.addWithVex;

import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.floating.Binary32;
import dev.hindsight.cpu.floating.Binary64;
import dev.hindsight.cpu.floating.FloatEnvironment;
import dev.hindsight.cpu.instructions.vector.FloatForms;
import dev.hindsight.cpu.instructions.vector.PackedForms;
import dev.hindsight.cpu.instructions.vector.VectorOperands;
import dev.hindsight.cpu.instructions.vector.VectorState;
import dev.hindsight.x86.Mnemonic;

/**
 * DPPS and DPPD: bits 7:4 of the immediate choose the products, the others are zeros; bits 3:0 the
 * elements that get the sum. Each product and each sum is rounded; sums are of neighbours first.
 */
final class DotProduct {
  private DotProduct() {}

  static void register(SemanticTable.Builder t) {
    addWithVex(t, Mnemonic.DPPS, dotProduct(DotProduct::single));
    addWithVex(t, Mnemonic.DPPD, dotProduct(DotProduct::dual));
  }

  /** Replaces one 128-bit lane of {@code a} by the dot product with {@code b}. */
  @FunctionalInterface
  private interface Lane {
    void apply(long[] a, long[] b, int at, int immediate, FloatEnvironment e);
  }

  private static Semantic dotProduct(Lane f) {
    long[] a = new long[4];
    long[] b = new long[4];
    FloatEnvironment e = new FloatEnvironment();
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      int first = VectorOperands.firstSource(in);
      VectorOperands.read(cpu, in, first, a);
      VectorOperands.read(cpu, in, first + 1, b);
      int immediate = VectorOperands.immediate(in);
      e.mxcsr(cpu.vectors().mxcsr());
      int n = VectorOperands.quadwords(in);
      for (int i = 0; i < n; i += 2) {
        f.apply(a, b, i, immediate, e);
      }
      FloatForms.report(cpu, e);
      VectorOperands.write(cpu, in, 0, a);
    };
  }

  private static int product(long a, long b, int shift, int chosen, FloatEnvironment e) {
    return chosen != 0 ? Binary32.mul((int) (a >>> shift), (int) (b >>> shift), e) : 0;
  }

  private static void single(long[] a, long[] b, int at, int immediate, FloatEnvironment e) {
    int p0 = product(a[at], b[at], 0, immediate & 0x10, e);
    int p1 = product(a[at], b[at], 32, immediate & 0x20, e);
    int p2 = product(a[at + 1], b[at + 1], 0, immediate & 0x40, e);
    int p3 = product(a[at + 1], b[at + 1], 32, immediate & 0x80, e);
    int low = Binary32.add(p0, p1, e);
    int high = Binary32.add(p2, p3, e);
    int sum = Binary32.add(low, high, e);
    a[at] = PackedForms.join((immediate & 1) != 0 ? sum : 0, (immediate & 2) != 0 ? sum : 0);
    a[at + 1] = PackedForms.join((immediate & 4) != 0 ? sum : 0, (immediate & 8) != 0 ? sum : 0);
  }

  private static void dual(long[] a, long[] b, int at, int immediate, FloatEnvironment e) {
    long p0 = (immediate & 0x10) != 0 ? Binary64.mul(a[at], b[at], e) : 0;
    long p1 = (immediate & 0x20) != 0 ? Binary64.mul(a[at + 1], b[at + 1], e) : 0;
    long sum = Binary64.add(p0, p1, e);
    a[at] = (immediate & 1) != 0 ? sum : 0;
    a[at + 1] = (immediate & 2) != 0 ? sum : 0;
  }
}
