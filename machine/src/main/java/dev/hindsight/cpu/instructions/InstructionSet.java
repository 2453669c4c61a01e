package dev.hindsight.cpu.instructions;

import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.instructions.avx.AvxInstructions;
import dev.hindsight.cpu.instructions.general.GeneralInstructions;
import dev.hindsight.cpu.instructions.mmx.MmxInstructions;
import dev.hindsight.cpu.instructions.sse.SseInstructions;
import dev.hindsight.cpu.instructions.system.SegmentInstructions;
import dev.hindsight.cpu.instructions.system.SystemInstructions;
import dev.hindsight.cpu.instructions.x87.X87Instructions;

/** The whole instruction set: every group of semantics, put into one table. */
public final class InstructionSet {
  private InstructionSet() {}

  /** Builds the table. */
  public static SemanticTable semantics() {
    SemanticTable.Builder table = new SemanticTable.Builder();
    GeneralInstructions.register(table);
    SegmentInstructions.register(table);
    SystemInstructions.register(table);
    MmxInstructions.register(table);
    SseInstructions.register(table);
    AvxInstructions.register(table);
    X87Instructions.register(table);
    return table.build();
  }
}
