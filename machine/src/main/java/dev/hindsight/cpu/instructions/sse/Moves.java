package dev.hindsight.cpu.instructions.sse;

import static dev.hindsight.cpu.instructions.vector.PackedForms.addWithVex;

import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.instructions.vector.PackedForms;
import dev.hindsight.cpu.instructions.vector.VectorOperands;
import dev.hindsight.cpu.instructions.vector.VectorState;
import dev.hindsight.cpu.instructions.x87.MmxState;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;

/** Moves of whole vectors, of their halves and low elements, and of sign bits. */
final class Moves {
  private static final long LOW_DOUBLEWORD = 0xFFFF_FFFFL;

  private Moves() {}

  static void register(SemanticTable.Builder t) {
    addWithVex(t, Mnemonic.MOVAPS, aligned());
    addWithVex(t, Mnemonic.MOVAPD, aligned());
    addWithVex(t, Mnemonic.MOVDQA, aligned());
    addWithVex(t, Mnemonic.MOVNTPS, aligned());
    addWithVex(t, Mnemonic.MOVNTPD, aligned());
    addWithVex(t, Mnemonic.MOVNTDQ, aligned());
    addWithVex(t, Mnemonic.MOVNTDQA, aligned());
    addWithVex(t, Mnemonic.MOVUPS, unaligned());
    addWithVex(t, Mnemonic.MOVUPD, unaligned());
    addWithVex(t, Mnemonic.MOVDQU, unaligned());
    addWithVex(t, Mnemonic.LDDQU, unaligned());
    addWithVex(t, Mnemonic.MOVD, Moves::scalarInteger);
    addWithVex(t, Mnemonic.MOVQ, Moves::scalarInteger);
    t.add(Mnemonic.MOVNTQ, Moves::scalarInteger);
    t.add(Mnemonic.MOVDQ2Q, Moves::betweenMmxAndXmm);
    t.add(Mnemonic.MOVQ2DQ, Moves::betweenMmxAndXmm);
    addWithVex(t, Mnemonic.MOVSS, (cpu, in) -> scalarFloat(cpu, in, LOW_DOUBLEWORD));
    addWithVex(t, Mnemonic.MOVSD, (cpu, in) -> scalarFloat(cpu, in, -1));
    addWithVex(t, Mnemonic.MOVLPS, (cpu, in) -> half(cpu, in, 0));
    addWithVex(t, Mnemonic.MOVLPD, (cpu, in) -> half(cpu, in, 0));
    addWithVex(t, Mnemonic.MOVHPS, (cpu, in) -> half(cpu, in, 1));
    addWithVex(t, Mnemonic.MOVHPD, (cpu, in) -> half(cpu, in, 1));
    addWithVex(t, Mnemonic.PMOVMSKB, PackedForms.signMask(Moves::byteSigns, 8));
    addWithVex(t, Mnemonic.MOVMSKPS, PackedForms.signMask(Moves::doublewordSigns, 2));
    addWithVex(t, Mnemonic.MOVMSKPD, PackedForms.signMask(q -> q >>> 63, 1));
  }

  private static Semantic aligned() {
    long[] a = new long[4];
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      VectorOperands.readAligned(cpu, in, 1, a);
      VectorOperands.writeAligned(cpu, in, 0, a);
    };
  }

  private static Semantic unaligned() {
    long[] a = new long[4];
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      VectorOperands.readUnaligned(cpu, in, 1, a);
      VectorOperands.write(cpu, in, 0, a);
    };
  }

  /**
   * MOVD and MOVQ between general registers, MMX registers, XMM registers and memory: as many bits
   * as the smaller operand has, zero-extended to a vector register.
   */
  private static void scalarInteger(Vcpu cpu, Instruction in) {
    if (!VectorState.check(cpu, in)) {
      return;
    }
    VectorOperands.writeLow(cpu, in, 0, VectorOperands.readLow(cpu, in, 1));
    if (VectorState.isMmx(in.operand(1))) {
      MmxState.enter(cpu);
    }
  }

  /** MOVDQ2Q and MOVQ2DQ. */
  private static void betweenMmxAndXmm(Vcpu cpu, Instruction in) {
    if (!VectorState.checkMmxAndSse(cpu, in)) {
      return;
    }
    long value = VectorOperands.readLow(cpu, in, 1);
    MmxState.enter(cpu);
    VectorOperands.writeLow(cpu, in, 0, value);
  }

  /**
   * MOVSS and MOVSD: a load clears the rest of the register, a move between registers takes the
   * rest from the first source.
   *
   * @param element the bits of the low quadword that are moved
   */
  private static void scalarFloat(Vcpu cpu, Instruction in, long element) {
    if (!VectorState.check(cpu, in)) {
      return;
    }
    int last = in.operands().size() - 1;
    long value = VectorOperands.readLow(cpu, in, last);
    if (in.operand(0) instanceof MemoryOperand || in.operand(last) instanceof MemoryOperand) {
      VectorOperands.writeLow(cpu, in, 0, value);
      return;
    }
    int first = VectorOperands.registerNumber(in, last - 1);
    long rest = cpu.vectors().get(first, 0) & ~element;
    long high = cpu.vectors().get(first, 1);
    int destination = VectorOperands.registerNumber(in, 0);
    VectorOperands.setXmm(cpu, in, destination, value & element | rest, high);
  }

  /**
   * MOVLPS, MOVHPS and their PD twins: one quadword between memory and a register; a load takes the
   * other from the first source.
   *
   * @param which 0 for the low quadword, 1 for the high one
   */
  private static void half(Vcpu cpu, Instruction in, int which) {
    if (!VectorState.check(cpu, in)) {
      return;
    }
    if (in.operand(0) instanceof MemoryOperand) {
      int source = VectorOperands.registerNumber(in, 1);
      VectorOperands.writeLow(cpu, in, 0, cpu.vectors().get(source, which));
      return;
    }
    int first = VectorOperands.firstSource(in);
    long value = VectorOperands.readLow(cpu, in, first + 1);
    long other = cpu.vectors().get(VectorOperands.registerNumber(in, first), 1 - which);
    int destination = VectorOperands.registerNumber(in, 0);
    if (which == 0) {
      VectorOperands.setXmm(cpu, in, destination, value, other);
    } else {
      VectorOperands.setXmm(cpu, in, destination, other, value);
    }
  }

  private static long byteSigns(long q) {
    // the product brings bit 0 of byte i to bit 56 + i
    return ((q >>> 7 & 0x0101_0101_0101_0101L) * 0x0102_0408_1020_4080L) >>> 56;
  }

  private static long doublewordSigns(long q) {
    return q >>> 31 & 1 | q >>> 63 << 1;
  }
}
