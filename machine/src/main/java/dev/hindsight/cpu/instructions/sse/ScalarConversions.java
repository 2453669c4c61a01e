package dev.hindsight.cpu.instructions.sse;

import static dev.hindsight.cpu.instructions.vector.FloatForms.scalar64;
import static dev.hindsight.cpu.instructions.vector.PackedForms.addWithVex;

import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.floating.FloatConversions;
import dev.hindsight.cpu.floating.FloatEnvironment;
import dev.hindsight.cpu.instructions.vector.FloatForms;
import dev.hindsight.cpu.instructions.vector.PackedForms;
import dev.hindsight.cpu.instructions.vector.VectorOperands;
import dev.hindsight.cpu.instructions.vector.VectorState;
import dev.hindsight.cpu.instructions.x87.MmxState;
import dev.hindsight.x86.Mnemonic;

/** Conversions of scalars, to and from general registers, and those that use MMX registers. */
final class ScalarConversions {
  private ScalarConversions() {}

  static void register(SemanticTable.Builder t) {
    addWithVex(
        t,
        Mnemonic.CVTSS2SD,
        scalar64((a, b, e) -> FloatConversions.binary32ToBinary64((int) b, e)));
    addWithVex(
        t,
        Mnemonic.CVTSD2SS,
        scalar64(
            (a, b, e) -> PackedForms.join(FloatConversions.binary64ToBinary32(b, e), a >>> 32)));
    addWithVex(t, Mnemonic.CVTSI2SS, fromInteger(true));
    addWithVex(t, Mnemonic.CVTSI2SD, fromInteger(false));
    addWithVex(t, Mnemonic.CVTSS2SI, toInteger(true, false));
    addWithVex(t, Mnemonic.CVTSD2SI, toInteger(false, false));
    addWithVex(t, Mnemonic.CVTTSS2SI, toInteger(true, true));
    addWithVex(t, Mnemonic.CVTTSD2SI, toInteger(false, true));
    t.add(Mnemonic.CVTPI2PS, fromMmx(true));
    t.add(Mnemonic.CVTPI2PD, fromMmx(false));
    t.add(Mnemonic.CVTPS2PI, toMmx(true, false));
    t.add(Mnemonic.CVTPD2PI, toMmx(false, false));
    t.add(Mnemonic.CVTTPS2PI, toMmx(true, true));
    t.add(Mnemonic.CVTTPD2PI, toMmx(false, true));
  }

  private static Semantic fromInteger(boolean single) {
    FloatEnvironment e = new FloatEnvironment();
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      int first = VectorOperands.firstSource(in);
      int source = VectorOperands.registerNumber(in, first);
      long value = VectorOperands.readLow(cpu, in, first + 1);
      if (in.operand(first + 1).bits() == 32) {
        value = value << 32 >> 32;
      }
      e.mxcsr(cpu.vectors().mxcsr());
      long low =
          single
              ? PackedForms.join(
                  FloatConversions.int64ToBinary32(value, e), cpu.vectors().get(source, 0) >>> 32)
              : FloatConversions.int64ToBinary64(value, e);
      FloatForms.report(cpu, e);
      int destination = VectorOperands.registerNumber(in, 0);
      VectorOperands.setXmm(cpu, in, destination, low, cpu.vectors().get(source, 1));
    };
  }

  private static Semantic toInteger(boolean single, boolean truncate) {
    FloatEnvironment e = new FloatEnvironment();
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      long b = VectorOperands.readLow(cpu, in, 1);
      e.mxcsr(cpu.vectors().mxcsr());
      int mode = truncate ? FloatEnvironment.ZERO : e.rounding();
      long value;
      if (in.operand(0).bits() == 64) {
        value =
            single
                ? FloatConversions.binary32ToInt64((int) b, mode, e)
                : FloatConversions.binary64ToInt64(b, mode, e);
      } else {
        value =
            single
                ? FloatConversions.binary32ToInt32((int) b, mode, e)
                : FloatConversions.binary64ToInt32(b, mode, e);
      }
      FloatForms.report(cpu, e);
      VectorOperands.writeLow(cpu, in, 0, value);
    };
  }

  /** CVTPI2PS and CVTPI2PD: two integers of an MMX register or of memory. */
  private static Semantic fromMmx(boolean single) {
    FloatEnvironment e = new FloatEnvironment();
    return (cpu, in) -> {
      boolean mmx = VectorState.isMmx(in.operand(1));
      // with a memory operand the x87 unit is not touched
      if (mmx ? !VectorState.checkMmxAndSse(cpu, in) : !VectorState.check(cpu, in)) {
        return;
      }
      long integers = VectorOperands.readLow(cpu, in, 1);
      int low = (int) integers;
      int high = (int) (integers >>> 32);
      int destination = VectorOperands.registerNumber(in, 0);
      e.mxcsr(cpu.vectors().mxcsr());
      if (mmx) {
        // processors enter MMX state even if an exception is not masked
        MmxState.enter(cpu);
      }
      if (single) {
        long pair =
            PackedForms.join(
                FloatConversions.int64ToBinary32(low, e),
                FloatConversions.int64ToBinary32(high, e));
        FloatForms.report(cpu, e);
        cpu.vectors().set(destination, 0, pair);
      } else {
        cpu.vectors()
            .setXmm(
                destination,
                FloatConversions.int32ToBinary64(low),
                FloatConversions.int32ToBinary64(high));
      }
    };
  }

  /** CVTPS2PI, CVTPD2PI and their truncating forms. */
  private static Semantic toMmx(boolean single, boolean truncate) {
    long[] a = new long[4];
    FloatEnvironment e = new FloatEnvironment();
    return (cpu, in) -> {
      if (!VectorState.checkMmxAndSse(cpu, in)) {
        return;
      }
      VectorOperands.read(cpu, in, 1, a);
      e.mxcsr(cpu.vectors().mxcsr());
      int mode = truncate ? FloatEnvironment.ZERO : e.rounding();
      int low;
      int high;
      if (single) {
        low = FloatConversions.binary32ToInt32((int) a[0], mode, e);
        high = FloatConversions.binary32ToInt32((int) (a[0] >>> 32), mode, e);
      } else {
        low = FloatConversions.binary64ToInt32(a[0], mode, e);
        high = FloatConversions.binary64ToInt32(a[1], mode, e);
      }
      // as CVTPI2PS does
      MmxState.enter(cpu);
      FloatForms.report(cpu, e);
      VectorOperands.writeLow(cpu, in, 0, PackedForms.join(low, high));
    };
  }
}
