package dev.hindsight.translator;

import dev.hindsight.cpu.Flags;
import dev.hindsight.x86.ConditionCode;
import dev.hindsight.x86.Mnemonic;

/**
 * Emits what makes the flags after a shift or rotation those of docs/undefined.md, on a host that
 * leaves others: AF after a shift, and OF where the count is above 1. Intel's processors do.
 */
final class ShiftFlags {
  private static final int AF_IN_AH = Flags.AF << 8;
  private static final int AND = 4;
  private static final int OR = 1;
  private static final int CMP = 7;

  private final HostEmitter out;
  private final OperandEmitter operands;
  private final FlagTracker flags;

  ShiftFlags(BlockWriter block, OperandEmitter operands) {
    this.out = block.out;
    this.operands = operands;
    this.flags = block.flags;
  }

  /**
   * Emits it, behind the instruction, whose flags are in the host's. Both temporary registers are
   * lost.
   *
   * @param m the instruction
   * @param size of its operand in bits
   * @param count how far it shifts; 0 for what CL says, and then the host's flags before the
   *     instruction were the guest's
   * @param result where the result is now
   */
  void emit(Mnemonic m, int size, int count, Place result) {
    flags.save();
    flags.hostClobbered();
    if (count != 0) {
      correct(m, size, count, result);
      return;
    }
    int scratch = HostRegister.TEMPORARY;
    out.register(Opcode.MOV_LOAD, 0, scratch, HostRegister.RCX, false);
    out.arithmetic(AND, 0, scratch, size == 64 ? 63 : 31);
    int none = out.jumpIf(ConditionCode.E);
    if (m == Mnemonic.SHR) {
      out.arithmetic(CMP, 0, scratch, 1);
      int one = out.jumpIf(ConditionCode.E);
      noOverflow();
      out.bindHere(one);
      auxiliaryCarry();
    } else {
      correct(m, size, 2, result);
    }
    out.bindHere(none);
  }

  private void correct(Mnemonic m, int size, int count, Place result) {
    boolean many = count != 1;
    switch (m) {
      case SHL, SHLD -> {
        if (many) {
          carryAndSign();
        }
        auxiliaryCarry();
      }
      case SHR, SAR -> {
        if (many) {
          noOverflow();
        }
        auxiliaryCarry();
      }
      case SHRD -> {
        if (many) {
          highestBits(size, result);
        }
        auxiliaryCarry();
      }
      case ROL, RCL -> {
        if (many) {
          carryAndHighestBit(size, result);
        }
      }
      case ROR, RCR -> {
        if (many) {
          highestBits(size, result);
        }
      }
      default -> throw new IllegalArgumentException("no shift: " + m);
    }
  }

  private void auxiliaryCarry() {
    out.arithmetic(OR, 0, HostRegister.FLAGS, AF_IN_AH);
  }

  private void noOverflow() {
    out.byte1(0xB0); // MOV AL, 0
    out.byte1(0);
  }

  /** OF is CF exclusive-or SF. */
  private void carryAndSign() {
    out.byte1(0x88); // MOV AL, AH
    out.byte1(0xE0);
    out.byte1(0xC0); // SHR AL, 7
    out.byte1(0xE8);
    out.byte1(7);
    exclusiveOrCarry();
  }

  /** OF, which is in bit 0 of AL, is exclusive-ored with CF. */
  private void exclusiveOrCarry() {
    out.byte1(0x30); // XOR AL, AH
    out.byte1(0xE0);
    out.byte1(0x24); // AND AL, 1
    out.byte1(1);
  }

  /** OF is CF exclusive-or the highest bit of the result. */
  private void carryAndHighestBit(int size, Place result) {
    int scratch = HostRegister.TEMPORARY;
    operands.load(size, scratch, result);
    shiftRight(scratch, size - 1);
    overflowFrom(scratch);
    exclusiveOrCarry();
  }

  /** OF is the exclusive-or of the two highest bits of the result. */
  private void highestBits(int size, Place result) {
    int scratch = HostRegister.TEMPORARY;
    int other = HostRegister.ADDRESS;
    operands.load(size, scratch, result);
    out.rorx(1, other, scratch, 1);
    out.register(Opcode.XOR, 1, scratch, other, false);
    shiftRight(scratch, size - 2);
    out.arithmetic(AND, 0, scratch, 1);
    overflowFrom(scratch);
  }

  private void shiftRight(int register, int count) {
    out.register(Opcode.GROUP2_BYTE, 1, 5, register, false);
    out.byte1(count);
  }

  private void overflowFrom(int bit) {
    // MOV AL, r8
    out.register(Opcode.of(0x88), 0, bit, HostRegister.RAX, true);
  }
}
