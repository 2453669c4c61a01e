package dev.hindsight.cpu.instructions.sse;

import static dev.hindsight.cpu.instructions.vector.PackedForms.addWithVex;

import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.instructions.vector.VectorOperands;
import dev.hindsight.cpu.instructions.vector.VectorState;
import dev.hindsight.cpu.instructions.x87.MmxState;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Register;

/** Insertion, extraction and widening of single elements. */
final class ElementMoves {
  private ElementMoves() {}

  static void register(SemanticTable.Builder t) {
    addWithVex(t, Mnemonic.PEXTRB, extract(8));
    addWithVex(t, Mnemonic.PEXTRW, extract(16));
    addWithVex(t, Mnemonic.PEXTRD, extract(32));
    addWithVex(t, Mnemonic.PEXTRQ, extract(64));
    addWithVex(t, Mnemonic.EXTRACTPS, extract(32));
    addWithVex(t, Mnemonic.PINSRB, insert(8));
    addWithVex(t, Mnemonic.PINSRW, insert(16));
    addWithVex(t, Mnemonic.PINSRD, insert(32));
    addWithVex(t, Mnemonic.PINSRQ, insert(64));
    addWithVex(t, Mnemonic.INSERTPS, insertFloat());
    addWithVex(t, Mnemonic.PMOVSXBW, widen(8, 16, true));
    addWithVex(t, Mnemonic.PMOVSXBD, widen(8, 32, true));
    addWithVex(t, Mnemonic.PMOVSXBQ, widen(8, 64, true));
    addWithVex(t, Mnemonic.PMOVSXWD, widen(16, 32, true));
    addWithVex(t, Mnemonic.PMOVSXWQ, widen(16, 64, true));
    addWithVex(t, Mnemonic.PMOVSXDQ, widen(32, 64, true));
    addWithVex(t, Mnemonic.PMOVZXBW, widen(8, 16, false));
    addWithVex(t, Mnemonic.PMOVZXBD, widen(8, 32, false));
    addWithVex(t, Mnemonic.PMOVZXBQ, widen(8, 64, false));
    addWithVex(t, Mnemonic.PMOVZXWD, widen(16, 32, false));
    addWithVex(t, Mnemonic.PMOVZXWQ, widen(16, 64, false));
    addWithVex(t, Mnemonic.PMOVZXDQ, widen(32, 64, false));
  }

  private static long mask(int bits) {
    return -1L >>> (64 - bits);
  }

  /** An element to a general register (zero-extended to 64 bits) or to memory. */
  private static Semantic extract(int bits) {
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      Register source = (Register) in.operand(1);
      int at = VectorOperands.immediate(in) * bits & (source.bits() - 1);
      long quadword =
          VectorState.isMmx(source)
              ? cpu.x87().significand(source.number())
              : cpu.vectors().get(source.number(), at >>> 6);
      long value = quadword >>> (at & 63) & mask(bits);
      if (in.operand(0) instanceof Register r) {
        cpu.general().set64(r.number(), value);
      } else {
        MemoryOperand m = (MemoryOperand) in.operand(0);
        cpu.memory().write(cpu.segmented().writable(m, bits >>> 3), bits >>> 3, value);
      }
      if (VectorState.isMmx(source)) {
        MmxState.enter(cpu);
      }
    };
  }

  /** An element from a general register or from memory; the others from the first source. */
  private static Semantic insert(int bits) {
    long[] a = new long[4];
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      int first = VectorOperands.firstSource(in);
      VectorOperands.read(cpu, in, first, a);
      long value = VectorOperands.readLow(cpu, in, first + 1) & mask(bits);
      int at = VectorOperands.immediate(in) * bits & (in.bits(0) - 1);
      int shift = at & 63;
      a[at >>> 6] = a[at >>> 6] & ~(mask(bits) << shift) | value << shift;
      VectorOperands.write(cpu, in, 0, a);
    };
  }

  /** INSERTPS: bits 7:6 choose the source element, 5:4 its place, 3:0 elements to clear. */
  private static Semantic insertFloat() {
    long[] a = new long[4];
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      int first = VectorOperands.firstSource(in);
      int imm = VectorOperands.immediate(in);
      VectorOperands.read(cpu, in, first, a);
      long value = insertedFloat(cpu, in, first + 1, imm >> 6);
      int shift = (imm >> 4 & 1) * 32;
      int q = imm >> 5 & 1;
      a[q] = a[q] & ~(mask(32) << shift) | value << shift;
      for (int i = 0; i < 4; i++) {
        if ((imm >> i & 1) != 0) {
          a[i >> 1] &= ~(mask(32) << (32 * (i & 1)));
        }
      }
      VectorOperands.write(cpu, in, 0, a);
    };
  }

  private static long insertedFloat(Vcpu cpu, Instruction in, int n, int element) {
    if (in.operand(n) instanceof Register r) {
      return cpu.vectors().get(r.number(), element >> 1) >>> (32 * (element & 1)) & mask(32);
    }
    return VectorOperands.readLow(cpu, in, n);
  }

  /** The low elements of the source, sign- or zero-extended to fill the destination. */
  private static Semantic widen(int from, int to, boolean signed) {
    long[] a = new long[4];
    long[] r = new long[4];
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      VectorOperands.readUnaligned(cpu, in, 1, a);
      int n = VectorOperands.quadwords(in);
      int perQuadword = 64 / to;
      int element = 0;
      for (int i = 0; i < n; i++) {
        long q = 0;
        for (int k = 0; k < perQuadword; k++) {
          int at = element * from;
          long raw = a[at >>> 6] >>> (at & 63);
          int up = 64 - from;
          long value = signed ? raw << up >> up & mask(to) : raw << up >>> up;
          q |= value << (k * to);
          element++;
        }
        r[i] = q;
      }
      VectorOperands.write(cpu, in, 0, r);
    };
  }
}
