package dev.hindsight.cpu.instructions.x87;

import dev.hindsight.cpu.SemanticTable;

/** Registers the x87 instructions. */
public final class X87Instructions {
  private X87Instructions() {}

  /** Adds all rows to a table. */
  public static void register(SemanticTable.Builder table) {
    Loads.register(table);
    Stores.register(table);
    Arithmetic.register(table);
    Transcendentals.register(table);
    Comparisons.register(table);
    Control.register(table);
    EnvironmentImages.register(table);
  }
}
