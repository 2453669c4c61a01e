package dev.hindsight.cpu.instructions.mmx;

import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.instructions.x87.MmxState;
import dev.hindsight.x86.Mnemonic;

/** The instructions of this package. */
public final class MmxInstructions {
  private MmxInstructions() {}

  /** Adds their semantics to a table. */
  public static void register(SemanticTable.Builder table) {
    PackedIntegers.register(table);
    table.add(Mnemonic.EMMS, MmxState::emms);
  }
}
