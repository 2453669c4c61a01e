package dev.hindsight.cpu.instructions.mmx;

import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.instructions.vector.VectorState;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;

/** The instructions of this package. */
public final class MmxInstructions {
  private static final int ALL_EMPTY = 0xFF;

  private MmxInstructions() {}

  /** Adds their semantics to a table. */
  public static void register(SemanticTable.Builder table) {
    PackedIntegers.register(table);
    table.add(Mnemonic.EMMS, MmxInstructions::leaveMmx);
  }

  private static void leaveMmx(Vcpu cpu, Instruction in) {
    VectorState.checkMmx(cpu);
    cpu.x87().emptyMask(ALL_EMPTY);
  }
}
