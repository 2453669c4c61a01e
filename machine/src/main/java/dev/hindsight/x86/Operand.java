package dev.hindsight.x86;

/** An explicit or implied operand of an {@link Instruction}, in the order of Intel's syntax. */
public sealed interface Operand extends Argument
    permits Register, MemoryOperand, ImmediateOperand, RelativeOperand, FarPointerOperand {

  /**
   * Size in bits of the datum; 0 where the instruction has none (LEA, INVLPG, FXSAVE, PREFETCH…).
   */
  int bits();
}
