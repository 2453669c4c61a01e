package dev.hindsight.cpu.instructions.avx;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.SegmentedMemory;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.VectorRegisters;
import dev.hindsight.cpu.instructions.vector.VectorOperands;
import dev.hindsight.cpu.instructions.vector.VectorState;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Prefixes;
import dev.hindsight.x86.Register;

/**
 * Gathers: elements from addresses with an index each, where the mask is negative.
 *
 * <p>An element that was read is written to the destination and taken out of the mask at once, in
 * order from the lowest. A fault in between leaves the instruction to be tried again for the
 * elements that are left: the one place where a semantic changes registers before it faults.
 */
final class Gathers {
  private Gathers() {}

  static void register(SemanticTable.Builder t) {
    t.add(Mnemonic.VGATHERDPS, (cpu, in) -> gather(cpu, in, 32, 32));
    t.add(Mnemonic.VPGATHERDD, (cpu, in) -> gather(cpu, in, 32, 32));
    t.add(Mnemonic.VGATHERDPD, (cpu, in) -> gather(cpu, in, 32, 64));
    t.add(Mnemonic.VPGATHERDQ, (cpu, in) -> gather(cpu, in, 32, 64));
    t.add(Mnemonic.VGATHERQPS, (cpu, in) -> gather(cpu, in, 64, 32));
    t.add(Mnemonic.VPGATHERQD, (cpu, in) -> gather(cpu, in, 64, 32));
    t.add(Mnemonic.VGATHERQPD, (cpu, in) -> gather(cpu, in, 64, 64));
    t.add(Mnemonic.VPGATHERQQ, (cpu, in) -> gather(cpu, in, 64, 64));
  }

  private static long element(VectorRegisters v, int register, int n, int bits) {
    int at = n * bits;
    long q = v.get(register, at >>> 6) >>> (at & 63);
    return bits == 64 ? q : (int) q;
  }

  private static void setElement(VectorRegisters v, int register, int n, int bits, long value) {
    int at = n * bits;
    int shift = at & 63;
    long mask = -1L >>> (64 - bits) << shift;
    long old = v.get(register, at >>> 6);
    v.set(register, at >>> 6, old & ~mask | value << shift & mask);
  }

  private static void gather(Vcpu cpu, Instruction in, int indexBits, int dataBits) {
    VectorState.checkAvx(cpu);
    MemoryOperand m = (MemoryOperand) in.operand(1);
    int destination = VectorOperands.registerNumber(in, 0);
    int mask = VectorOperands.registerNumber(in, 2);
    int vectorBits = in.has(Prefixes.VEX_L) ? 256 : 128;
    int elements = vectorBits / Math.max(indexBits, dataBits);
    VectorRegisters v = cpu.vectors();
    for (int i = 0; i < elements; i++) {
      if (element(v, mask, i, dataBits) < 0) {
        long offset = offset(cpu, m, i, indexBits);
        long linear = cpu.segmented().readable(m.segment().number(), offset, dataBits >>> 3);
        long value = cpu.memory().readUnaligned(linear, dataBits >>> 3);
        setElement(v, destination, i, dataBits, value);
      }
      setElement(v, mask, i, dataBits, 0);
    }
    clearFrom(v, mask, 0);
    clearFrom(v, destination, elements * dataBits >>> 6);
  }

  private static long offset(Vcpu cpu, MemoryOperand m, int n, int indexBits) {
    GeneralRegisters r = cpu.general();
    Register base = m.base();
    Register index = m.index();
    long at = m.displacement();
    if (base != null) {
      at += r.get64(base.number());
    }
    if (index != null) {
      at += element(cpu.vectors(), index.number(), n, indexBits) * m.scale();
    }
    return SegmentedMemory.wrap(at, m.addressBits());
  }

  private static void clearFrom(VectorRegisters v, int register, int quadword) {
    for (int q = quadword; q < 4; q++) {
      v.set(register, q, 0);
    }
  }
}
