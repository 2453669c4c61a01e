package dev.hindsight.translator;

import dev.hindsight.cpu.paging.Tlb;
import dev.hindsight.x86.ConditionCode;
import java.util.ArrayList;
import java.util.List;

/** Emits the ways out of a block: direct links, and the exits that they lead to at first. */
final class LinkWriter {
  private static final int PAGE_BYTES = 4096;
  private static final int NO_PAGE = -1;
  private static final int MOST_LINKS = 2;

  private final BlockWriter block;
  private final HostEmitter out;
  private final CodeMemory memory;
  private final Link[] links = new Link[MOST_LINKS];
  private final List<Pending> pending = new ArrayList<>();
  private final List<Integer> misses = new ArrayList<>();

  /** A jump whose target is emitted behind the block. */
  private record Pending(int number, int field, long target, boolean afterTransfer) {}

  LinkWriter(BlockWriter block, CodeMemory memory) {
    this.block = block;
    this.out = block.out;
    this.memory = memory;
  }

  void begin() {
    pending.clear();
    misses.clear();
    links[0] = null;
    links[1] = null;
  }

  /** The block's links, once all is emitted. */
  Link[] links() {
    return links.clone();
  }

  /** Whether a target, in bytes from the beginning of the code's page, lies in that page. */
  static boolean isInPage(long target) {
    return target >= 0 && target < PAGE_BYTES;
  }

  /**
   * Goes on at a target.
   *
   * @param target in bytes from the beginning of the page
   * @param afterTransfer whether all of the block has been executed when it exits
   */
  void goTo(int number, long target, boolean afterTransfer) {
    if (isInPage(target)) {
      from(number, out.jump(), target, afterTransfer);
    } else {
      crossPage(number, target, afterTransfer, () -> {});
    }
  }

  /** Makes a jump, of which this is the field, go on at a target. */
  void from(int number, int field, long target, boolean afterTransfer) {
    pending.add(new Pending(number, field, target, afterTransfer));
  }

  /** A jump, of which this is the field, is taken where only the interpreter can go on. */
  void miss(int field) {
    misses.add(field);
  }

  /**
   * Goes on at a target in another page, if the TLB says that it is the expected one.
   *
   * @param before what is to be done when that is certain
   */
  void crossPage(int number, long target, boolean afterTransfer, Runnable before) {
    int linear = HostRegister.ADDRESS;
    int entry = HostRegister.TEMPORARY;
    pageOf(target);
    block.memory.lookUp(linear);
    out.memory(Opcode.CMP, 1, linear, entry, Tlb.EXECUTE_TAG, false);
    int unknown = out.jumpIf(ConditionCode.NE);
    // bits 39:8 of the physical address
    out.memory(Opcode.GROUP1, 0, 7, entry, Tlb.PHYSICAL + 1, false);
    out.int4(NO_PAGE);
    int page = out.offset() - 4;
    int other = out.jumpIf(ConditionCode.NE);
    before.run();
    pageOf(target);
    out.store(HostRegister.AREA, EngineArea.PAGE_BASE, linear);
    int jump = out.jump();
    out.bindHere(unknown);
    out.bindHere(other);
    block.exits.emit(out, ExitKind.CROSS_PAGE, block.linkInfo(number));
    links[number] =
        new Link(memory, out.address(jump), out.address(page), 0, target, afterTransfer);
  }

  /**
   * Leaves the present instruction to the interpreter unless a page can be executed, and is the
   * expected one. The host's flags are lost.
   *
   * @param target in bytes from the beginning of the block's page
   * @param physical physical address of the page
   */
  void requirePage(long target, long physical) {
    int linear = HostRegister.ADDRESS;
    int entry = HostRegister.TEMPORARY;
    pageOf(target);
    block.memory.lookUp(linear);
    out.memory(Opcode.CMP, 1, linear, entry, Tlb.EXECUTE_TAG, false);
    block.slow.interpret(block.info(), out.jumpIf(ConditionCode.NE));
    // bits 39:8 of the physical address
    out.memory(Opcode.GROUP1, 0, 7, entry, Tlb.PHYSICAL + 1, false);
    out.int4((int) (physical >>> 8));
    block.slow.interpret(block.info(), out.jumpIf(ConditionCode.NE));
    block.flags.hostClobbered();
  }

  /** Linear address of the page that a target is in. */
  private void pageOf(long target) {
    out.load(HostRegister.ADDRESS, HostRegister.AREA, EngineArea.PAGE_BASE);
    out.memory(
        Opcode.LEA,
        block.is64Bit() ? 1 : 0,
        HostRegister.ADDRESS,
        HostRegister.ADDRESS,
        (int) (target & -PAGE_BYTES),
        false);
  }

  /** Emits what lies behind the block. */
  void emit() {
    for (Pending p : pending) {
      out.bindHere(p.field);
      if (isInPage(p.target)) {
        long exit = out.address(out.offset());
        block.exits.emit(out, ExitKind.LINK, block.linkInfo(p.number));
        links[p.number] =
            new Link(memory, out.address(p.field), Link.NONE, exit, p.target, p.afterTransfer);
      } else {
        crossPage(p.number, p.target, p.afterTransfer, () -> {});
      }
    }
    if (!misses.isEmpty()) {
      misses.forEach(out::bindHere);
      out.load(HostRegister.FLAGS, HostRegister.AREA, EngineArea.FLAGS);
      block.exits.emit(out, ExitKind.INTERPRET, block.info());
    }
  }
}
