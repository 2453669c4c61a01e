package dev.hindsight.cpu.instructions.system;

import dev.hindsight.cpu.SemanticTable;

/** The system instructions as a group of the instruction set, but for those of segmentation. */
public final class SystemInstructions {
  private SystemInstructions() {}

  /** Adds them to a table. */
  public static void register(SemanticTable.Builder table) {
    ControlInstructions.register(table);
    MsrInstructions.register(table);
    SystemCallInstructions.register(table);
    BaseInstructions.register(table);
    ClockInstructions.register(table);
    MonitorInstructions.register(table);
    CacheInstructions.register(table);
    AccessRightsInstructions.register(table);
    ExtendedStateInstructions.register(table);
    Cpuid.register(table);
  }
}
