package dev.hindsight.board.multiboot;

import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.far;

import dev.hindsight.board.firmware.Handover;
import dev.hindsight.board.firmware.ResetRom;
import dev.hindsight.x86.assembler.Assembler;

/**
 * Enters a kernel with the state of Multiboot 3.2.
 *
 * @param entry physical address of its first instruction
 * @param information physical address of what it is told
 */
record MultibootHandover(long entry, long information) implements Handover {
  private static final int LOADED_BY_MULTIBOOT = 0x2BAD_B002;

  @Override
  public boolean longMode() {
    return false;
  }

  @Override
  public void enter(Assembler a) {
    a.mov(EAX, LOADED_BY_MULTIBOOT).mov(EBX, information);
    a.jmpf(far(ResetRom.KERNEL_CODE, entry, 32));
  }
}
