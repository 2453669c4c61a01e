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
    addWithVex(
        t,
        Mnemonic.DPPS,
        dotProduct(DotProduct::multiply32, DotProduct::addNeighbours32, DotProduct::addHalves32));
    addWithVex(t, Mnemonic.DPPD, dotProduct(DotProduct::multiply64, DotProduct::add64));
  }

  /** One stage of the computation on one 128-bit lane of {@code a}. */
  @FunctionalInterface
  private interface Stage {
    void apply(long[] a, long[] b, int at, int immediate, FloatEnvironment e);
  }

  /**
   * Runs the stages one after the other on all lanes; an unmasked exception in a stage prevents the
   * later ones.
   */
  private static Semantic dotProduct(Stage... stages) {
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
      for (Stage stage : stages) {
        for (int i = 0; i < n; i += 2) {
          stage.apply(a, b, i, immediate, e);
        }
        FloatForms.report(cpu, e);
        e.clearFlags();
      }
      VectorOperands.write(cpu, in, 0, a);
    };
  }

  private static int product(long a, long b, int shift, int chosen, FloatEnvironment e) {
    return chosen != 0 ? Binary32.mul((int) (a >>> shift), (int) (b >>> shift), e) : 0;
  }

  private static void multiply32(long[] a, long[] b, int at, int immediate, FloatEnvironment e) {
    a[at] =
        PackedForms.join(
            product(a[at], b[at], 0, immediate & 0x10, e),
            product(a[at], b[at], 32, immediate & 0x20, e));
    a[at + 1] =
        PackedForms.join(
            product(a[at + 1], b[at + 1], 0, immediate & 0x40, e),
            product(a[at + 1], b[at + 1], 32, immediate & 0x80, e));
  }

  private static void addNeighbours32(
      long[] a, long[] b, int at, int immediate, FloatEnvironment e) {
    a[at] = PackedForms.low(Binary32.add((int) a[at], (int) (a[at] >>> 32), e));
    a[at + 1] = PackedForms.low(Binary32.add((int) a[at + 1], (int) (a[at + 1] >>> 32), e));
  }

  private static void addHalves32(long[] a, long[] b, int at, int immediate, FloatEnvironment e) {
    int sum = Binary32.add((int) a[at], (int) a[at + 1], e);
    a[at] = PackedForms.join((immediate & 1) != 0 ? sum : 0, (immediate & 2) != 0 ? sum : 0);
    a[at + 1] = PackedForms.join((immediate & 4) != 0 ? sum : 0, (immediate & 8) != 0 ? sum : 0);
  }

  private static void multiply64(long[] a, long[] b, int at, int immediate, FloatEnvironment e) {
    a[at] = (immediate & 0x10) != 0 ? Binary64.mul(a[at], b[at], e) : 0;
    a[at + 1] = (immediate & 0x20) != 0 ? Binary64.mul(a[at + 1], b[at + 1], e) : 0;
  }

  private static void add64(long[] a, long[] b, int at, int immediate, FloatEnvironment e) {
    long sum = Binary64.add(a[at], a[at + 1], e);
    a[at] = (immediate & 1) != 0 ? sum : 0;
    a[at + 1] = (immediate & 2) != 0 ? sum : 0;
  }
}
