package dev.hindsight.cpu.instructions.avx;

import dev.hindsight.cpu.SemanticTable;

/** The instructions of this package. */
public final class AvxInstructions {
  private AvxInstructions() {}

  /** Adds their semantics to a table. */
  public static void register(SemanticTable.Builder table) {
    Permutations.register(table);
    MaskedMoves.register(table);
    Gathers.register(table);
    FusedMultiplyAdd.register(table);
  }
}
