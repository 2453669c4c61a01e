package dev.hindsight.translator;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.paging.Tlb;
import dev.hindsight.x86.ConditionCode;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Register;
import org.jspecify.annotations.Nullable;

/**
 * Emits accesses to the guest's memory: the linear address, the look at the TLB, and the host
 * address in {@link HostRegister#ADDRESS}.
 *
 * <p>The host's flags are saved first, and lost. What the TLB does not allow directly leaves the
 * block: an instruction may begin anew after it, so nothing of it must have been done by then.
 */
final class MemoryAccess {
  static final int PAGE_BYTES = 4096;
  private static final int FS = 4;
  private static final int CS = 1;

  /** The widest access to the stack that needs no look at the TLB. */
  static final int STACK_BYTES = 8;

  /** Where in its page the last byte of an instruction that begins there can lie. */
  private static final int FARTHEST_END = PAGE_BYTES + Instruction.MAX_LENGTH;

  private static final int ENTRY_SHIFT = Integer.numberOfTrailingZeros(Tlb.ENTRY_BYTES);

  /** Bits of a linear address that a slot is made of, but for those that are mixed in. */
  private static final int SLOT_MASK = (Tlb.SLOTS - 1) << ENTRY_SHIFT;

  private static final int HASH_SHIFT = 10;

  private final BlockWriter block;
  private final HostEmitter out;

  MemoryAccess(BlockWriter block) {
    this.block = block;
    this.out = block.out;
  }

  /**
   * Whether the address of an operand can be computed, wherever in its page the instruction is: the
   * same when a block's needs are counted and when it is emitted.
   */
  boolean canAddress(MemoryOperand m) {
    if (m.addressBits() == 16 || isVector(m.index())) {
      return false;
    }
    if (!block.is64Bit()) {
      return m.addressBits() == 32 && m.segment().number() != CS;
    }
    return !m.ripRelative() || fits(m.displacement() + FARTHEST_END);
  }

  private static boolean isVector(@Nullable Register index) {
    return index != null && index.bits() > 64;
  }

  private static boolean fits(long displacement) {
    return displacement == (int) displacement;
  }

  /**
   * Emits an access.
   *
   * @param bytes of the datum, at most 4096
   * @param write whether it is written (and perhaps read)
   */
  void emit(MemoryOperand m, int bytes, boolean write) {
    emit(m, bytes, write, false);
  }

  /** Emits an access whose address must be a multiple of its size: else it leaves the block. */
  void emitAligned(MemoryOperand m, int bytes, boolean write) {
    emit(m, bytes, write, true);
  }

  private void emit(MemoryOperand m, int bytes, boolean write, boolean aligned) {
    block.flags.save();
    int retry = out.offset();
    address(m, HostRegister.ADDRESS);
    addBase(m.segment().number(), bytes, write);
    if (isOnStack(m) && bytes <= STACK_BYTES && !aligned) {
      translateStack(bytes, write, retry);
    } else {
      translate(bytes, write, aligned, retry);
    }
  }

  private boolean isOnStack(MemoryOperand m) {
    return m.base() != null
        && m.base().number() == GeneralRegisters.RSP
        && m.index() == null
        && m.addressBits() == block.addressBytes() * 8
        && m.segment().number() < FS;
  }

  /**
   * Makes the offset in the address register a linear address. Outside 64-bit code, an access that
   * the segment does not allow is the interpreter's.
   */
  private void addBase(int segment, int bytes, boolean write) {
    if (segment < FS) {
      return;
    }
    int w = block.is64Bit() ? 1 : 0;
    if (w == 0) {
      int last = HostRegister.TEMPORARY;
      out.lea(last, HostRegister.ADDRESS, bytes - 1);
      int limit = EngineArea.limit(segment, write);
      out.memory(Opcode.CMP, 1, last, HostRegister.AREA, limit, false);
      block.slow.interpret(block.info(), out.jumpIf(ConditionCode.G));
    }
    int base = segment == FS ? EngineArea.FS_BASE : EngineArea.GS_BASE;
    out.memory(Opcode.ADD, w, HostRegister.ADDRESS, HostRegister.AREA, base, false);
  }

  /** Emits an access to the part of a string of bits that a bit offset, which is signed, is in. */
  void emitBitString(MemoryOperand m, int offset, int bytes, boolean write) {
    block.flags.save();
    int retry = out.offset();
    address(m, HostRegister.ADDRESS);
    int part = HostRegister.TEMPORARY;
    // MOV or MOVSXD
    out.register(Opcode.of(bytes == 8 ? 0x8B : 0x63), 1, part, offset, false);
    out.register(Opcode.GROUP2_BYTE, 1, 7, part, false); // SAR
    int log2 = Integer.numberOfTrailingZeros(bytes);
    out.byte1(log2 + 3);
    int w = block.is64Bit() ? 1 : 0;
    out.indexed(Opcode.LEA, w, HostRegister.ADDRESS, HostRegister.ADDRESS, part, log2, 0);
    addBase(m.segment().number(), bytes, write);
    translate(bytes, write, false, retry);
  }

  /** Emits an access to the stack, to the linear address {@code RSP + displacement}. */
  void emitStack(int displacement, int bytes, boolean write) {
    block.flags.save();
    int retry = out.offset();
    int w = block.is64Bit() ? 1 : 0;
    out.memory(Opcode.LEA, w, HostRegister.ADDRESS, RegisterMap.RSP, displacement, false);
    translateStack(bytes, write, retry);
  }

  /** The stack pointer stays in a page for long: where that is need not be looked up. */
  private void translateStack(int bytes, boolean write, int retry) {
    int address = HostRegister.ADDRESS;
    int area = HostRegister.AREA;
    out.memory(Opcode.SUB, 1, address, area, EngineArea.STACK_TAG, false);
    out.memory(Opcode.CMP, 1, address, area, EngineArea.STACK_LIMIT, false);
    int other = out.jumpIf(ConditionCode.AE);
    out.memory(Opcode.ADD, 1, address, area, EngineArea.STACK_HOST, false);
    block.slow.stack(block.info(), other, bytes, write, retry, out.offset());
    block.flags.hostClobbered();
  }

  /** Emits an access to the linear address {@code register + displacement}. */
  void emit(int register, int displacement, int bytes, boolean write) {
    block.flags.save();
    int retry = out.offset();
    int w = block.is64Bit() ? 1 : 0;
    out.memory(Opcode.LEA, w, HostRegister.ADDRESS, register, displacement, false);
    translate(bytes, write, false, retry);
  }

  private void translate(int bytes, boolean write, boolean aligned, int retry) {
    lookUp(HostRegister.ADDRESS);
    out.memory(
        Opcode.SUB,
        1,
        HostRegister.ADDRESS,
        HostRegister.TEMPORARY,
        write ? Tlb.WRITE_TAG : Tlb.READ_TAG,
        false);
    out.arithmetic(7, 1, HostRegister.ADDRESS, PAGE_BYTES - bytes);
    int other = out.jumpIf(ConditionCode.A);
    if (aligned) {
      out.register(Opcode.of(0xF6), 0, 0, HostRegister.ADDRESS, true); // TEST r8, imm8
      out.byte1(bytes - 1);
      block.slow.access(block.info(), out.jumpIf(ConditionCode.NE), bytes, write, true, retry);
    }
    out.memory(
        Opcode.ADD,
        1,
        HostRegister.ADDRESS,
        HostRegister.TEMPORARY,
        write ? Tlb.WRITE_HOST : Tlb.READ_HOST,
        false);
    block.slow.access(block.info(), other, bytes, write, aligned, retry, out.offset());
    block.flags.hostClobbered();
  }

  /**
   * Emits the look-up of a linear address: the address of the TLB's entry for it gets into {@link
   * HostRegister#TEMPORARY}. The host's flags are lost.
   */
  void lookUp(int linear) {
    lookUp(out, linear);
  }

  /** The same for those who are no block. */
  static void lookUp(HostEmitter out, int linear) {
    lookUp(out, linear, EngineArea.TLB);
  }

  /** The same in the TLB whose address is somewhere in the area. */
  static void lookUp(HostEmitter out, int linear, int tlb) {
    int entry = HostRegister.TEMPORARY;
    out.rorx(1, entry, linear, HASH_SHIFT);
    out.register(Opcode.XOR, 1, entry, linear, false);
    out.register(Opcode.GROUP2_BYTE, 0, 5, entry, false); // SHR
    out.byte1(12 - ENTRY_SHIFT);
    out.arithmetic(4, 0, entry, SLOT_MASK);
    out.memory(Opcode.ADD, 1, entry, HostRegister.AREA, tlb, false);
  }

  /** Emits the computation of an effective address, without a segment; no flags change. */
  void address(MemoryOperand m, int into) {
    int w = m.addressBits() == 64 ? 1 : 0;
    if (m.ripRelative()) {
      out.load(into, HostRegister.AREA, EngineArea.PAGE_BASE);
      out.memory(Opcode.LEA, w, into, into, (int) block.ripDisplacement(m), false);
      return;
    }
    if (!fits(m.displacement())) {
      out.constant(into, w == 1 ? m.displacement() : m.displacement() & 0xFFFF_FFFFL);
      return;
    }
    int displacement = (int) m.displacement();
    int base = m.base() == null ? RegisterMap.NONE : inRegister(m.base(), into);
    if (m.index() == null) {
      if (m.base() == null) {
        out.constant(into, w == 1 ? displacement : displacement & 0xFFFF_FFFFL);
      } else {
        out.memory(Opcode.LEA, w, into, base, displacement, false);
      }
      return;
    }
    int index = inRegister(m.index(), HostRegister.TEMPORARY);
    int shift = Integer.numberOfTrailingZeros(m.scale());
    if (m.base() == null) {
      out.scaled(Opcode.LEA, w, into, index, shift, displacement);
    } else {
      out.indexed(Opcode.LEA, w, into, base, index, shift, displacement);
    }
  }

  private int inRegister(Register guest, int otherwise) {
    int host = RegisterMap.host(guest.number());
    if (host != RegisterMap.NONE) {
      return host;
    }
    out.load(otherwise, HostRegister.AREA, EngineArea.general(guest.number()));
    return otherwise;
  }
}
