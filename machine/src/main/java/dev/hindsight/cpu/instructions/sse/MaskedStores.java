package dev.hindsight.cpu.instructions.sse;

import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.instructions.vector.MemoryElements;
import dev.hindsight.cpu.instructions.vector.VectorOperands;
import dev.hindsight.cpu.instructions.vector.VectorState;
import dev.hindsight.cpu.instructions.x87.MmxState;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;

/**
 * MASKMOVQ and MASKMOVDQU: the bytes of the first operand whose counterpart in the second has its
 * sign set, to memory at DS:rDI. The whole operand must be writable, whichever bytes are chosen,
 * and MASKMOVQ enters MMX state before it finds out: the manual leaves both open, and processors do
 * so.
 */
final class MaskedStores {
  private MaskedStores() {}

  static void register(SemanticTable.Builder t) {
    Semantic semantic = bytes();
    t.add(Mnemonic.MASKMOVQ, semantic);
    t.add(Mnemonic.MASKMOVDQU, semantic);
    t.add(Mnemonic.VMASKMOVDQU, semantic);
  }

  private static Semantic bytes() {
    long[] data = new long[4];
    long[] mask = new long[4];
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      VectorOperands.read(cpu, in, 0, data);
      VectorOperands.read(cpu, in, 1, mask);
      if (VectorState.isMmx(in.operand(0))) {
        MmxState.enter(cpu);
      }
      MemoryOperand m = (MemoryOperand) in.operand(2);
      int bytes = m.bits() >>> 3;
      long linear = cpu.segmented().writable(m, bytes);
      cpu.memory().checkAlignment(linear, 8);
      cpu.memory().probeWriteUnaligned(linear, bytes);
      MemoryElements.store(cpu, m, mask, 8, in.operand(0).bits(), data);
    };
  }
}
