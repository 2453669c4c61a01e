package dev.hindsight.cpu.instructions.sse;

import dev.hindsight.cpu.SemanticTable;

/** The instructions of this package. */
public final class SseInstructions {
  private SseInstructions() {}

  /** Adds their semantics to a table. */
  public static void register(SemanticTable.Builder table) {
    Moves.register(table);
    ElementMoves.register(table);
    MaskedStores.register(table);
    Shuffles.register(table);
    WideIntegers.register(table);
    StringCompare.register(table);
    Aes.register(table);
    Sha.register(table);
    Arithmetic.register(table);
    Comparisons.register(table);
    Conversions.register(table);
    ScalarConversions.register(table);
    DotProduct.register(table);
    ControlAndStatus.register(table);
  }
}
