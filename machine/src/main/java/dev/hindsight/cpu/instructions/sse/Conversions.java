package dev.hindsight.cpu.instructions.sse;

import static dev.hindsight.cpu.instructions.vector.FloatForms.unary32;
import static dev.hindsight.cpu.instructions.vector.PackedForms.addWithVex;

import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.floating.FloatConversions;
import dev.hindsight.cpu.floating.FloatEnvironment;
import dev.hindsight.cpu.instructions.vector.FloatForms;
import dev.hindsight.cpu.instructions.vector.PackedForms;
import dev.hindsight.cpu.instructions.vector.VectorOperands;
import dev.hindsight.cpu.instructions.vector.VectorState;
import dev.hindsight.x86.Mnemonic;

/** Conversions between packed formats, and rounding to integral values. */
final class Conversions {
  private static final int USE_MXCSR = 4;
  private static final int SUPPRESS_PRECISION = 8;

  private Conversions() {}

  static void register(SemanticTable.Builder t) {
    addWithVex(t, Mnemonic.CVTDQ2PS, unary32((a, b, e) -> FloatConversions.int64ToBinary32(b, e)));
    addWithVex(
        t,
        Mnemonic.CVTPS2DQ,
        unary32((a, b, e) -> FloatConversions.binary32ToInt32(b, e.rounding(), e)));
    addWithVex(
        t,
        Mnemonic.CVTTPS2DQ,
        unary32((a, b, e) -> FloatConversions.binary32ToInt32(b, FloatEnvironment.ZERO, e)));
    addWithVex(t, Mnemonic.CVTDQ2PD, widening((x, e) -> FloatConversions.int32ToBinary64(x)));
    addWithVex(t, Mnemonic.CVTPS2PD, widening(FloatConversions::binary32ToBinary64));
    addWithVex(t, Mnemonic.CVTPD2PS, narrowing(FloatConversions::binary64ToBinary32));
    addWithVex(
        t,
        Mnemonic.CVTPD2DQ,
        narrowing((x, e) -> FloatConversions.binary64ToInt32(x, e.rounding(), e)));
    addWithVex(
        t,
        Mnemonic.CVTTPD2DQ,
        narrowing((x, e) -> FloatConversions.binary64ToInt32(x, FloatEnvironment.ZERO, e)));
    addWithVex(t, Mnemonic.ROUNDPS, round(true, false));
    addWithVex(t, Mnemonic.ROUNDPD, round(false, false));
    addWithVex(t, Mnemonic.ROUNDSS, round(true, true));
    addWithVex(t, Mnemonic.ROUNDSD, round(false, true));
    t.add(Mnemonic.VCVTPH2PS, fromHalf());
    t.add(Mnemonic.VCVTPS2PH, toHalf());
  }

  /** 32 bits to 64. */
  @FunctionalInterface
  private interface Widening {
    long apply(int x, FloatEnvironment e);
  }

  /** 64 bits to 32. */
  @FunctionalInterface
  private interface Narrowing {
    int apply(long x, FloatEnvironment e);
  }

  private static Semantic widening(Widening f) {
    long[] a = new long[4];
    long[] r = new long[4];
    FloatEnvironment e = new FloatEnvironment();
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      VectorOperands.read(cpu, in, 1, a);
      e.mxcsr(cpu.vectors().mxcsr());
      int n = VectorOperands.quadwords(in);
      for (int i = 0; i < n; i++) {
        r[i] = f.apply((int) (a[i >> 1] >>> (32 * (i & 1))), e);
      }
      FloatForms.report(cpu, e);
      VectorOperands.write(cpu, in, 0, r);
    };
  }

  /** The results fill the low half of what the source fills; zeros are above. */
  private static Semantic narrowing(Narrowing f) {
    long[] a = new long[4];
    FloatEnvironment e = new FloatEnvironment();
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      VectorOperands.read(cpu, in, 1, a);
      e.mxcsr(cpu.vectors().mxcsr());
      long low = PackedForms.join(f.apply(a[0], e), f.apply(a[1], e));
      long high =
          in.operand(1).bits() == 256 ? PackedForms.join(f.apply(a[2], e), f.apply(a[3], e)) : 0;
      FloatForms.report(cpu, e);
      VectorOperands.setXmm(cpu, in, VectorOperands.registerNumber(in, 0), low, high);
    };
  }

  private static int mode(int immediate, FloatEnvironment e) {
    return (immediate & USE_MXCSR) != 0 ? e.rounding() : immediate & 3;
  }

  private static long rounded(long q, int immediate, boolean single, FloatEnvironment e) {
    int mode = mode(immediate, e);
    boolean exact = (immediate & SUPPRESS_PRECISION) != 0;
    if (single) {
      return PackedForms.join(
          FloatConversions.roundBinary32((int) q, mode, exact, e),
          FloatConversions.roundBinary32((int) (q >>> 32), mode, exact, e));
    }
    return FloatConversions.roundBinary64(q, mode, exact, e);
  }

  private static Semantic round(boolean single, boolean scalar) {
    return scalar ? roundScalar(single) : roundPacked(single);
  }

  private static Semantic roundPacked(boolean single) {
    long[] a = new long[4];
    FloatEnvironment e = new FloatEnvironment();
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      VectorOperands.read(cpu, in, 1, a);
      int immediate = VectorOperands.immediate(in);
      e.mxcsr(cpu.vectors().mxcsr());
      int n = VectorOperands.quadwords(in);
      for (int i = 0; i < n; i++) {
        a[i] = rounded(a[i], immediate, single, e);
      }
      FloatForms.report(cpu, e);
      VectorOperands.write(cpu, in, 0, a);
    };
  }

  private static Semantic roundScalar(boolean single) {
    FloatEnvironment e = new FloatEnvironment();
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      int first = VectorOperands.firstSource(in);
      int source = VectorOperands.registerNumber(in, first);
      long b = VectorOperands.readLow(cpu, in, first + 1);
      int immediate = VectorOperands.immediate(in);
      e.mxcsr(cpu.vectors().mxcsr());
      long low = cpu.vectors().get(source, 0);
      if (single) {
        // the upper number is left out: it must raise nothing
        long rounded = rounded(PackedForms.low(b), immediate, true, e);
        low = PackedForms.join(rounded, low >>> 32);
      } else {
        low = rounded(b, immediate, false, e);
      }
      FloatForms.report(cpu, e);
      int destination = VectorOperands.registerNumber(in, 0);
      VectorOperands.setXmm(cpu, in, destination, low, cpu.vectors().get(source, 1));
    };
  }

  private static Semantic fromHalf() {
    long[] a = new long[4];
    long[] r = new long[4];
    FloatEnvironment e = new FloatEnvironment();
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      VectorOperands.read(cpu, in, 1, a);
      e.mxcsr(cpu.vectors().mxcsr());
      int n = VectorOperands.quadwords(in);
      for (int i = 0; i < n; i++) {
        int halves = (int) (a[i >> 1] >>> (32 * (i & 1)));
        r[i] =
            PackedForms.join(
                FloatConversions.halfToBinary32(halves & 0xFFFF, e),
                FloatConversions.halfToBinary32(halves >>> 16, e));
      }
      FloatForms.report(cpu, e);
      VectorOperands.write(cpu, in, 0, r);
    };
  }

  private static Semantic toHalf() {
    long[] a = new long[4];
    long[] r = new long[4];
    FloatEnvironment e = new FloatEnvironment();
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      VectorOperands.read(cpu, in, 1, a);
      e.mxcsr(cpu.vectors().mxcsr());
      int mode = mode(VectorOperands.immediate(in), e);
      int n = in.operand(1).bits() >>> 6;
      r[0] = 0;
      r[1] = 0;
      for (int i = 0; i < n; i++) {
        long low = FloatConversions.binary32ToHalf((int) a[i], mode, e);
        long high = FloatConversions.binary32ToHalf((int) (a[i] >>> 32), mode, e);
        r[i >> 1] |= (low | high << 16) << (32 * (i & 1));
      }
      VectorOperands.probeWrite(cpu, in, 0);
      FloatForms.report(cpu, e);
      VectorOperands.write(cpu, in, 0, r);
    };
  }
}
