package dev.hindsight.cpu.instructions.general;

import dev.hindsight.cpu.SemanticTable;

/** The general-purpose instructions as a group of the instruction set. */
public final class GeneralInstructions {
  private GeneralInstructions() {}

  /** Adds them to a table. */
  public static void register(SemanticTable.Builder table) {
    DataTransferInstructions.register(table);
    StackInstructions.register(table);
    BinaryArithmeticInstructions.register(table);
    DecimalInstructions.register(table);
    ShiftInstructions.register(table);
    BitInstructions.register(table);
    StringInstructions.register(table);
    ControlTransferInstructions.register(table);
    FarTransferInstructions.register(table);
    FlagInstructions.register(table);
    IoInstructions.register(table);
    RandomInstructions.register(table);
  }
}
