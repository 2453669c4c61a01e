package dev.hindsight.cpu.instructions.sse;

import static dev.hindsight.cpu.instructions.vector.FloatForms.packed32;
import static dev.hindsight.cpu.instructions.vector.FloatForms.packed64;
import static dev.hindsight.cpu.instructions.vector.FloatForms.scalar32;
import static dev.hindsight.cpu.instructions.vector.FloatForms.scalar64;
import static dev.hindsight.cpu.instructions.vector.FloatForms.unary32;
import static dev.hindsight.cpu.instructions.vector.FloatForms.unary64;
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

/** Floating-point arithmetic on packed and scalar numbers, and within registers. */
final class Arithmetic {
  private Arithmetic() {}

  static void register(SemanticTable.Builder t) {
    addWithVex(t, Mnemonic.ADDPS, packed32(Binary32::add));
    addWithVex(t, Mnemonic.ADDSS, scalar32(Binary32::add));
    addWithVex(t, Mnemonic.ADDPD, packed64(Binary64::add));
    addWithVex(t, Mnemonic.ADDSD, scalar64(Binary64::add));
    addWithVex(t, Mnemonic.SUBPS, packed32(Binary32::sub));
    addWithVex(t, Mnemonic.SUBSS, scalar32(Binary32::sub));
    addWithVex(t, Mnemonic.SUBPD, packed64(Binary64::sub));
    addWithVex(t, Mnemonic.SUBSD, scalar64(Binary64::sub));
    addWithVex(t, Mnemonic.MULPS, packed32(Binary32::mul));
    addWithVex(t, Mnemonic.MULSS, scalar32(Binary32::mul));
    addWithVex(t, Mnemonic.MULPD, packed64(Binary64::mul));
    addWithVex(t, Mnemonic.MULSD, scalar64(Binary64::mul));
    addWithVex(t, Mnemonic.DIVPS, packed32(Binary32::div));
    addWithVex(t, Mnemonic.DIVSS, scalar32(Binary32::div));
    addWithVex(t, Mnemonic.DIVPD, packed64(Binary64::div));
    addWithVex(t, Mnemonic.DIVSD, scalar64(Binary64::div));
    addWithVex(t, Mnemonic.MINPS, packed32(Binary32::min));
    addWithVex(t, Mnemonic.MINSS, scalar32(Binary32::min));
    addWithVex(t, Mnemonic.MINPD, packed64(Binary64::min));
    addWithVex(t, Mnemonic.MINSD, scalar64(Binary64::min));
    addWithVex(t, Mnemonic.MAXPS, packed32(Binary32::max));
    addWithVex(t, Mnemonic.MAXSS, scalar32(Binary32::max));
    addWithVex(t, Mnemonic.MAXPD, packed64(Binary64::max));
    addWithVex(t, Mnemonic.MAXSD, scalar64(Binary64::max));
    addWithVex(t, Mnemonic.SQRTPS, unary32((a, b, e) -> Binary32.sqrt(b, e)));
    addWithVex(t, Mnemonic.SQRTSS, scalar32((a, b, e) -> Binary32.sqrt(b, e)));
    addWithVex(t, Mnemonic.SQRTPD, unary64((a, b, e) -> Binary64.sqrt(b, e)));
    addWithVex(t, Mnemonic.SQRTSD, scalar64((a, b, e) -> Binary64.sqrt(b, e)));
    addWithVex(t, Mnemonic.RCPPS, unary32((a, b, e) -> Approximation.reciprocal(b)));
    addWithVex(t, Mnemonic.RCPSS, scalar32((a, b, e) -> Approximation.reciprocal(b)));
    addWithVex(t, Mnemonic.RSQRTPS, unary32((a, b, e) -> Approximation.reciprocalRoot(b)));
    addWithVex(t, Mnemonic.RSQRTSS, scalar32((a, b, e) -> Approximation.reciprocalRoot(b)));
    addWithVex(t, Mnemonic.ADDSUBPS, packed64(Arithmetic::subtractAndAdd32));
    addWithVex(t, Mnemonic.ADDSUBPD, lanes(Arithmetic::subtractAndAdd64));
    addWithVex(
        t, Mnemonic.HADDPS, lanes((r, a, b, at, e) -> horizontal32(r, a, b, at, Binary32::add, e)));
    addWithVex(
        t, Mnemonic.HSUBPS, lanes((r, a, b, at, e) -> horizontal32(r, a, b, at, Binary32::sub, e)));
    addWithVex(
        t, Mnemonic.HADDPD, lanes((r, a, b, at, e) -> horizontal64(r, a, b, at, Binary64::add, e)));
    addWithVex(
        t, Mnemonic.HSUBPD, lanes((r, a, b, at, e) -> horizontal64(r, a, b, at, Binary64::sub, e)));
  }

  /** What an instruction does to one 128-bit lane, the quadwords from {@code at}. */
  @FunctionalInterface
  private interface FloatLaneOperator {
    void apply(long[] r, long[] a, long[] b, int at, FloatEnvironment e);
  }

  private static Semantic lanes(FloatLaneOperator f) {
    long[] a = new long[4];
    long[] b = new long[4];
    long[] r = new long[4];
    FloatEnvironment e = new FloatEnvironment();
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      int first = VectorOperands.firstSource(in);
      VectorOperands.read(cpu, in, first, a);
      VectorOperands.read(cpu, in, first + 1, b);
      e.mxcsr(cpu.vectors().mxcsr());
      int n = VectorOperands.quadwords(in);
      for (int i = 0; i < n; i += 2) {
        f.apply(r, a, b, i, e);
      }
      FloatForms.report(cpu, e);
      VectorOperands.write(cpu, in, 0, r);
    };
  }

  private static long subtractAndAdd32(long a, long b, FloatEnvironment e) {
    return PackedForms.join(
        Binary32.sub((int) a, (int) b, e), Binary32.add((int) (a >>> 32), (int) (b >>> 32), e));
  }

  private static void subtractAndAdd64(long[] r, long[] a, long[] b, int at, FloatEnvironment e) {
    r[at] = Binary64.sub(a[at], b[at], e);
    r[at + 1] = Binary64.add(a[at + 1], b[at + 1], e);
  }

  private static int horizontal32(long q, FloatForms.Operator32 f, FloatEnvironment e) {
    return f.apply((int) q, (int) (q >>> 32), e);
  }

  private static void horizontal32(
      long[] r, long[] a, long[] b, int at, FloatForms.Operator32 f, FloatEnvironment e) {
    r[at] = PackedForms.join(horizontal32(a[at], f, e), horizontal32(a[at + 1], f, e));
    r[at + 1] = PackedForms.join(horizontal32(b[at], f, e), horizontal32(b[at + 1], f, e));
  }

  private static void horizontal64(
      long[] r, long[] a, long[] b, int at, FloatForms.Operator64 f, FloatEnvironment e) {
    r[at] = f.apply(a[at], a[at + 1], e);
    r[at + 1] = f.apply(b[at], b[at + 1], e);
  }
}
