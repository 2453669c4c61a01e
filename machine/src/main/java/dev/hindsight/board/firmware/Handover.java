package dev.hindsight.board.firmware;

import dev.hindsight.x86.assembler.Assembler;

/** How a kernel is entered. */
public interface Handover {
  /** Whether the code segment {@link ResetRom#KERNEL_CODE} is of 64 bits. */
  boolean longMode();

  /**
   * Writes the code that enters the kernel. It runs in protected mode without paging, in a 32-bit
   * code segment, with flat data segments, interrupts disabled, and without a stack. What the
   * assembler is given at the end is not executed any more: data may follow the jump.
   */
  void enter(Assembler a);
}
