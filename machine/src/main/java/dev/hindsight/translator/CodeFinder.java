package dev.hindsight.translator;

import dev.hindsight.cpu.paging.Tlb;
import dev.hindsight.x86.ConditionCode;

/** Emits the search for code at a linear address: in the TLB, then in the table of its page. */
final class CodeFinder {
  /** Holds the offset of the code in the code memory. */
  static final int OFFSET = HostRegister.RAX;

  private final HostEmitter out;
  private final LinkWriter links;

  CodeFinder(HostEmitter out, LinkWriter links) {
    this.out = out;
    this.links = links;
  }

  /**
   * Emits it. Where nothing is found the interpreter goes on. Flags, which were in their register,
   * are in {@link EngineArea#FLAGS} afterwards.
   *
   * @param linear the register with the address, which stays
   * @param tlb where in the area the TLB's address is
   */
  void find(int linear, int tlb) {
    int entry = HostRegister.TEMPORARY;
    out.store(HostRegister.AREA, EngineArea.FLAGS, HostRegister.FLAGS);
    MemoryAccess.lookUp(out, linear, tlb);
    out.move(OFFSET, linear);
    out.memory(Opcode.SUB, 1, OFFSET, entry, Tlb.EXECUTE_TAG, false);
    out.arithmetic(7, 1, OFFSET, MemoryAccess.PAGE_BYTES - 1);
    links.miss(out.jumpIf(ConditionCode.A));
    out.load(entry, entry, Tlb.CODE);
    out.register(Opcode.TEST, 1, entry, entry, false);
    links.miss(out.jumpIf(ConditionCode.E));
    out.indexed(Opcode.MOV_LOAD, 0, OFFSET, entry, OFFSET, 2, 0);
    out.register(Opcode.TEST, 0, OFFSET, OFFSET, false);
    links.miss(out.jumpIf(ConditionCode.E));
  }

  /** Emits the jump to what was found; the offset is in {@link HostRegister#TEMPORARY} by now. */
  void go(int linear) {
    out.arithmetic(4, 1, linear, -MemoryAccess.PAGE_BYTES);
    out.store(HostRegister.AREA, EngineArea.PAGE_BASE, linear);
    out.memory(
        Opcode.ADD, 1, HostRegister.TEMPORARY, HostRegister.AREA, EngineArea.CODE_BASE, false);
    out.jumpRegister(HostRegister.TEMPORARY);
  }
}
