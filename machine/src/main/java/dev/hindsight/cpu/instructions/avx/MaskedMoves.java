package dev.hindsight.cpu.instructions.avx;

import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.instructions.vector.MemoryElements;
import dev.hindsight.cpu.instructions.vector.VectorOperands;
import dev.hindsight.cpu.instructions.vector.VectorState;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;

/** Loads and stores of the elements whose mask is negative; VZEROALL and VZEROUPPER. */
final class MaskedMoves {
  private MaskedMoves() {}

  static void register(SemanticTable.Builder t) {
    t.add(Mnemonic.VMASKMOVPS, move(32));
    t.add(Mnemonic.VMASKMOVPD, move(64));
    t.add(Mnemonic.VPMASKMOVD, move(32));
    t.add(Mnemonic.VPMASKMOVQ, move(64));
    t.add(Mnemonic.VZEROALL, clear(0));
    t.add(Mnemonic.VZEROUPPER, clear(2));
  }

  private static Semantic move(int bits) {
    long[] mask = new long[4];
    long[] data = new long[4];
    return (cpu, in) -> {
      VectorState.checkAvx(cpu);
      VectorOperands.read(cpu, in, 1, mask);
      if (in.operand(0) instanceof MemoryOperand m) {
        VectorOperands.read(cpu, in, 2, data);
        MemoryElements.store(cpu, m, mask, bits, m.bits(), data);
      } else {
        MemoryElements.load(cpu, in, 2, mask, bits, data);
        VectorOperands.write(cpu, in, 0, data);
      }
    };
  }

  /** Clears the quadwords from {@code from} on of the registers that the mode has. */
  private static Semantic clear(int from) {
    return (cpu, in) -> {
      VectorState.checkAvx(cpu);
      int registers = cpu.is64Bit() ? 16 : 8;
      for (int r = 0; r < registers; r++) {
        for (int q = from; q < 4; q++) {
          cpu.vectors().set(r, q, 0);
        }
      }
    };
  }
}
