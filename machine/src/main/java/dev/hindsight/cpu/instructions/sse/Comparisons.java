package dev.hindsight.cpu.instructions.sse;

import static dev.hindsight.cpu.instructions.vector.PackedForms.addWithVex;

import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.floating.Binary32;
import dev.hindsight.cpu.floating.Binary64;
import dev.hindsight.cpu.floating.FloatEnvironment;
import dev.hindsight.cpu.instructions.vector.FloatForms;
import dev.hindsight.cpu.instructions.vector.PackedForms;
import dev.hindsight.cpu.instructions.vector.VectorOperands;
import dev.hindsight.cpu.instructions.vector.VectorState;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Prefixes;

/** Floating-point comparisons, to masks and to flags. */
final class Comparisons {
  private Comparisons() {}

  static void register(SemanticTable.Builder t) {
    addWithVex(t, Mnemonic.CMPPS, packed(true));
    addWithVex(t, Mnemonic.CMPPD, packed(false));
    addWithVex(t, Mnemonic.CMPSS, scalar(true));
    addWithVex(t, Mnemonic.CMPSD, scalar(false));
    addWithVex(t, Mnemonic.COMISS, toFlags(true, true));
    addWithVex(t, Mnemonic.COMISD, toFlags(false, true));
    addWithVex(t, Mnemonic.UCOMISS, toFlags(true, false));
    addWithVex(t, Mnemonic.UCOMISD, toFlags(false, false));
  }

  /** The predicate: three bits of the immediate in legacy encodings, five in VEX ones. */
  private static int predicate(Instruction in) {
    return VectorOperands.immediate(in) & (in.has(Prefixes.VEX) ? 31 : 7);
  }

  private static long mask32(long a, long b, int predicate, FloatEnvironment e) {
    return FloatPredicate.test((int) a, (int) b, predicate, e) ? 0xFFFF_FFFFL : 0;
  }

  private static long mask(long a, long b, int predicate, boolean single, FloatEnvironment e) {
    if (single) {
      return PackedForms.join(mask32(a, b, predicate, e), mask32(a >>> 32, b >>> 32, predicate, e));
    }
    return FloatPredicate.test(a, b, predicate, e) ? -1 : 0;
  }

  private static Semantic packed(boolean single) {
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
      int predicate = predicate(in);
      e.mxcsr(cpu.vectors().mxcsr());
      int n = VectorOperands.quadwords(in);
      for (int i = 0; i < n; i++) {
        a[i] = mask(a[i], b[i], predicate, single, e);
      }
      FloatForms.report(cpu, e);
      VectorOperands.write(cpu, in, 0, a);
    };
  }

  private static Semantic scalar(boolean single) {
    FloatEnvironment e = new FloatEnvironment();
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      int first = VectorOperands.firstSource(in);
      int source = VectorOperands.registerNumber(in, first);
      long a = cpu.vectors().get(source, 0);
      long b = VectorOperands.readLow(cpu, in, first + 1);
      e.mxcsr(cpu.vectors().mxcsr());
      long low =
          single
              ? a & 0xFFFF_FFFF_0000_0000L | mask32(a, b, predicate(in), e)
              : mask(a, b, predicate(in), false, e);
      FloatForms.report(cpu, e);
      int destination = VectorOperands.registerNumber(in, 0);
      VectorOperands.setXmm(cpu, in, destination, low, cpu.vectors().get(source, 1));
    };
  }

  private static Semantic toFlags(boolean single, boolean signaling) {
    FloatEnvironment e = new FloatEnvironment();
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      long a = VectorOperands.readLow(cpu, in, 0);
      long b = VectorOperands.readLow(cpu, in, 1);
      e.mxcsr(cpu.vectors().mxcsr());
      int order =
          single
              ? Binary32.compare((int) a, (int) b, signaling, e)
              : Binary64.compare(a, b, signaling, e);
      FloatForms.report(cpu, e);
      setFlags(cpu, order);
    };
  }

  private static void setFlags(Vcpu cpu, int order) {
    cpu.flags()
        .arithmetic(
            switch (order) {
              case -1 -> Flags.CF;
              case 0 -> Flags.ZF;
              case 1 -> 0;
              default -> Flags.ZF | Flags.PF | Flags.CF;
            });
  }
}
