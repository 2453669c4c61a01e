package dev.hindsight.board.linux;

import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.far;

import dev.hindsight.board.firmware.Handover;
import dev.hindsight.board.firmware.ResetRom;
import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;

/**
 * Enters Linux by its 32-bit entry, or in long mode with identity-mapped pages by its 64-bit entry.
 *
 * @param kernel where it was loaded, below 4 GiB
 * @param longMode whether by the 64-bit entry
 */
record LinuxHandover(long kernel, boolean longMode) implements Handover {
  private static final int EFER = 0xC000_0080;
  private static final int EFER_LME = 1 << 8;
  private static final int CR4_PAE = 1 << 5;
  private static final int ENTRY_64 = 0x200;

  @Override
  public void enter(Assembler a) {
    a.mov(ESI, LinuxBoot.BOOT_PARAMETERS);
    if (longMode) {
      enterLongMode(a);
    } else {
      a.xor(EBP, EBP).xor(EDI, EDI).xor(EBX, EBX);
      a.jmpf(far(ResetRom.KERNEL_CODE, kernel, 32));
    }
  }

  private void enterLongMode(Assembler a) {
    Label entry = a.label("entry");
    a.mov(EAX, CR4).or(EAX, CR4_PAE).mov(CR4, EAX);
    a.mov(EAX, LinuxBoot.PAGE_TABLES).mov(CR3, EAX);
    a.mov(ECX, EFER).rdmsr().or(EAX, EFER_LME).wrmsr();
    a.mov(EAX, CR0).or(EAX, 1 << 31).mov(CR0, EAX);
    a.jmpf(far(ResetRom.KERNEL_CODE, entry, 32));
    a.mode(CodeMode.BITS64).bind(entry);
    a.mov(EAX, kernel + ENTRY_64).jmp(RAX);
    a.mode(CodeMode.BITS32);
  }
}
