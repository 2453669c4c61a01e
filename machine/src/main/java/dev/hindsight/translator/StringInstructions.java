package dev.hindsight.translator;

import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.paging.Tlb;
import dev.hindsight.x86.ConditionCode;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Operand;
import dev.hindsight.x86.Prefixes;
import org.jspecify.annotations.Nullable;

/**
 * Emits REP MOVS and REP STOS, each of which is a block by itself: as many iterations at once as
 * the budget and the pages allow are one instruction of the host. Each is a step; one is charged by
 * the block's head, the others here.
 */
final class StringInstructions {
  private static final int ES = 0;
  private static final int DS = 3;
  private static final int CMP = 7;
  private static final int CLD = 0xFC;
  private static final int STD = 0xFD;
  private static final Opcode CMOVA = Opcode.of0F(0x47);

  private final BlockWriter block;
  private final HostEmitter out;
  private final LinkWriter links;

  StringInstructions(BlockWriter block, LinkWriter links) {
    this.block = block;
    this.out = block.out;
    this.links = links;
  }

  /** Whether a repeated instruction is one that is emitted here, in code of a size. */
  static boolean canEmit(@Nullable Instruction in, int modeBits) {
    if (in == null
        || in.mnemonic() != Mnemonic.MOVS && in.mnemonic() != Mnemonic.STOS
        || !in.has(Prefixes.REP)
        || in.addressBits() != modeBits) {
      return false;
    }
    for (Operand o : in.operands()) {
      if (o instanceof MemoryOperand m
          && m.segment().number() != ES
          && m.segment().number() != DS) {
        return false;
      }
    }
    return true;
  }

  private static int bytes(Instruction in) {
    for (Operand o : in.operands()) {
      if (o instanceof MemoryOperand m) {
        return m.bits() >>> 3;
      }
    }
    throw new IllegalArgumentException("no string instruction: " + in.mnemonic());
  }

  /** Emits the instruction, behind the block's head. */
  void emit(Instruction in) {
    boolean moves = in.mnemonic() == Mnemonic.MOVS;
    int bytes = bytes(in);
    int w = block.is64Bit() ? 1 : 0;
    int area = HostRegister.AREA;
    int start = out.offset();
    out.register(Opcode.TEST, w, HostRegister.RCX, HostRegister.RCX, false);
    int none = out.jumpIf(ConditionCode.E);
    out.memory(Opcode.GROUP3, 0, 0, area, EngineArea.SYSTEM_FLAGS, false); // TEST
    out.int4(Flags.DF);
    int down = out.jumpIf(ConditionCode.NE);
    iterations(moves, bytes, false, start);
    int up = out.jump();
    out.bindHere(down);
    iterations(moves, bytes, true, start);
    out.bindHere(up);
    out.load(HostRegister.FLAGS, area, EngineArea.FLAGS);
    out.register(Opcode.TEST, w, HostRegister.RCX, HostRegister.RCX, false);
    int done = out.jumpIf(ConditionCode.E);
    // what is left is another time through the block
    out.jump(block.entry());
    out.bindHere(none);
    out.bindHere(done);
    block.flags.hostClobbered();
    block.slow.instructionEnds();
    links.goTo(1, block.nextInstruction(), true);
  }

  /**
   * Emits as many iterations as are possible at once.
   *
   * @param down whether addresses decrease
   * @param start where the instruction begins, which is executed again when an access is possible
   */
  private void iterations(boolean moves, int bytes, boolean down, int start) {
    int w = block.is64Bit() ? 1 : 0;
    int area = HostRegister.AREA;
    out.store(area, EngineArea.FLAGS, HostRegister.FLAGS);
    if (moves) {
      // in the order in which they fault
      access(HostRegister.RSI, bytes, down, false, EngineArea.STRING_FROM, start);
      out.store(area, EngineArea.STRING_COUNT, HostRegister.TEMPORARY);
    }
    access(HostRegister.RDI, bytes, down, true, EngineArea.STRING_TO, start);
    if (moves) {
      atMostMemory(EngineArea.STRING_COUNT);
    }
    int count = HostRegister.TEMPORARY;
    int scratch = HostRegister.RAX;
    if (bytes > 1) {
      out.register(Opcode.GROUP2_BYTE, 1, 5, count, false); // SHR
      out.byte1(Integer.numberOfTrailingZeros(bytes));
    }
    out.register(Opcode.MOV_LOAD, w, scratch, HostRegister.RCX, false);
    atMost(scratch);
    out.lea(scratch, HostRegister.BUDGET, 1);
    atMost(scratch);
    // one is charged
    out.register(Opcode.SUB, 1, HostRegister.BUDGET, count, false);
    out.register(Opcode.GROUP1_BYTE, 1, 0, HostRegister.BUDGET, false); // ADD
    out.byte1(1);
    out.register(Opcode.MOV_LOAD, w, scratch, HostRegister.RCX, false);
    out.register(Opcode.SUB, w, scratch, count, false);
    out.store(area, EngineArea.STRING_COUNT, scratch);
    advance(w, HostRegister.RDI, bytes, down, EngineArea.STRING_NEXT_TO);
    if (moves) {
      advance(w, HostRegister.RSI, bytes, down, EngineArea.STRING_NEXT_FROM);
      out.load(HostRegister.RSI, area, EngineArea.STRING_FROM);
    } else {
      out.move(HostRegister.RAX, RegisterMap.RAX);
    }
    out.move(HostRegister.RCX, count);
    out.load(HostRegister.RDI, area, EngineArea.STRING_TO);
    if (down) {
      out.byte1(STD);
    }
    repeat(moves ? 0xA4 : 0xAA, bytes);
    if (down) {
      out.byte1(CLD);
    }
    out.load(HostRegister.RCX, area, EngineArea.STRING_COUNT);
    out.load(HostRegister.RDI, area, EngineArea.STRING_NEXT_TO);
    if (moves) {
      out.load(HostRegister.RSI, area, EngineArea.STRING_NEXT_FROM);
    }
  }

  /**
   * Finds where a string is: its host address gets into the area, the number of bytes of its page
   * that it has before it into the temporary register.
   */
  private void access(int pointer, int bytes, boolean down, boolean write, int host, int retry) {
    int address = HostRegister.ADDRESS;
    int entry = HostRegister.TEMPORARY;
    out.register(Opcode.MOV_LOAD, block.is64Bit() ? 1 : 0, address, pointer, false);
    block.memory.lookUp(address);
    out.memory(Opcode.SUB, 1, address, entry, write ? Tlb.WRITE_TAG : Tlb.READ_TAG, false);
    out.arithmetic(CMP, 1, address, MemoryAccess.PAGE_BYTES - bytes);
    int other = out.jumpIf(ConditionCode.A);
    out.load(HostRegister.RAX, entry, write ? Tlb.WRITE_HOST : Tlb.READ_HOST);
    out.register(Opcode.ADD, 1, HostRegister.RAX, address, false);
    out.store(HostRegister.AREA, host, HostRegister.RAX);
    out.load(HostRegister.FLAGS, HostRegister.AREA, EngineArea.FLAGS);
    if (down) {
      out.lea(entry, address, bytes);
    } else {
      out.constant(entry, MemoryAccess.PAGE_BYTES);
      out.register(Opcode.SUB, 1, entry, address, false);
    }
    block.slow.access(block.info(), other, bytes, write, false, retry);
  }

  private void atMost(int register) {
    out.register(Opcode.CMP, 1, HostRegister.TEMPORARY, register, false);
    out.register(CMOVA, 1, HostRegister.TEMPORARY, register, false);
  }

  private void atMostMemory(int displacement) {
    out.memory(Opcode.CMP, 1, HostRegister.TEMPORARY, HostRegister.AREA, displacement, false);
    out.memory(CMOVA, 1, HostRegister.TEMPORARY, HostRegister.AREA, displacement, false);
  }

  /** Where a pointer will be after so many data as the temporary register says. */
  private void advance(int w, int pointer, int bytes, boolean down, int displacement) {
    int shift = Integer.numberOfTrailingZeros(bytes);
    int count = HostRegister.TEMPORARY;
    if (down) {
      count = HostRegister.RAX;
      out.move(count, HostRegister.TEMPORARY);
      out.register(Opcode.GROUP3, 1, 3, count, false); // NEG
    }
    out.indexed(Opcode.LEA, w, HostRegister.RAX, pointer, count, shift, 0);
    out.store(HostRegister.AREA, displacement, HostRegister.RAX);
  }

  private void repeat(int opcode, int bytes) {
    if (bytes == 2) {
      out.byte1(0x66);
    }
    out.byte1(0xF3);
    if (bytes == 8) {
      out.byte1(0x48);
    }
    out.byte1(bytes == 1 ? opcode : opcode | 1);
  }
}
