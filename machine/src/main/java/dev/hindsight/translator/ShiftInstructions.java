package dev.hindsight.translator;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.x86.ImmediateOperand;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Register;
import java.util.EnumSet;
import java.util.Set;

/** Emits shifts and rotations; a count of 0 leaves the flags as they were. */
final class ShiftInstructions extends InstructionEmitter {
  static final Set<Mnemonic> CORRECTED =
      EnumSet.of(
          Mnemonic.ROL,
          Mnemonic.ROR,
          Mnemonic.RCL,
          Mnemonic.RCR,
          Mnemonic.SHL,
          Mnemonic.SHR,
          Mnemonic.SAR,
          Mnemonic.SHLD,
          Mnemonic.SHRD);

  private static final int SHL = 4;
  private static final int SHR = 5;
  private static final int SAR = 7;

  private final Host host;
  private final ShiftFlags corrections;

  ShiftInstructions(BlockWriter block, OperandEmitter operands, Host host) {
    super(block, operands);
    this.host = host;
    this.corrections = new ShiftFlags(block, operands);
  }

  /** Whether flags that the host leaves otherwise are corrected after an instruction. */
  static boolean corrects(Mnemonic m) {
    return CORRECTED.contains(m);
  }

  /** Emits an instruction; false, with nothing emitted, if it is none of these. */
  boolean emit(Instruction in) {
    return switch (in.mnemonic()) {
      case ROL -> rotate(in, 0);
      case ROR -> rotate(in, 1);
      case RCL -> rotate(in, 2);
      case RCR -> rotate(in, 3);
      case SHL -> shift(in, SHL);
      case SHR -> shift(in, SHR);
      case SAR -> shift(in, SAR);
      case SHLD -> doubleShift(in, 0xA4);
      case SHRD -> doubleShift(in, 0xAC);
      default -> false;
    };
  }

  /** The count of a shift that leaves no question open, 0 for CL, or -1. */
  private int count(Instruction in, int operand) {
    int size = in.bits(0);
    if (in.operand(operand) instanceof ImmediateOperand i) {
      int count = (int) i.value() & (size == 64 ? 63 : 31);
      return count == 0 || count >= size ? -1 : count;
    }
    // who corrects the flags asks for the count afterwards
    boolean lost = in.operand(0) instanceof Register r && r.number() == GeneralRegisters.RCX;
    return size < 32 || lost && isCorrected(in) ? -1 : 0;
  }

  private boolean isCorrected(Instruction in) {
    return block.flagsNeeded() && host.differing().contains(in.mnemonic());
  }

  private boolean shift(Instruction in, int operation) {
    int count = count(in, 1);
    if (!operands.isSuitable(in.operand(0))
        || OperandEmitter.isHighByte(in.operand(0))
        || count < 0) {
      return false;
    }
    Place place = operands.place(in.operand(0), true);
    if (count == 0 && block.flagsNeeded()) {
      // a count of 0 leaves the flags as they were
      flags.restore();
    }
    Place result = operands.compute(in.bits(0), place, true);
    emitShift(in.bits(0), operation, count, result);
    flags.setInHost();
    operands.finish(place, result);
    correctFlags(in, count, place);
    return true;
  }

  private void correctFlags(Instruction in, int count, Place result) {
    if (isCorrected(in)) {
      corrections.emit(in.mnemonic(), in.bits(0), count, result);
    }
  }

  private void emitShift(int size, int operation, int count, Place place) {
    if (count == 0) {
      operands.emit(Opcode.of(0xD2), size, operation, place);
    } else if (count == 1) {
      operands.emit(Opcode.of(0xD0), size, operation, place);
    } else {
      operands.emit(Opcode.of(0xC0), size, operation, place);
      out.byte1(count);
    }
  }

  private boolean rotate(Instruction in, int operation) {
    int count = count(in, 1);
    boolean throughCarry = operation >= 2;
    if (!operands.isSuitable(in.operand(0))
        || OperandEmitter.isHighByte(in.operand(0))
        || count < 0
        || throughCarry && in.bits(0) < 32) {
      return false;
    }
    Place place = operands.place(in.operand(0), true);
    if (throughCarry || block.flagsNeeded()) {
      flags.restore();
    }
    Place result = operands.compute(in.bits(0), place, true);
    emitShift(in.bits(0), operation, count, result);
    flags.setInHost();
    operands.finish(place, result);
    correctFlags(in, count, place);
    return true;
  }

  private boolean doubleShift(Instruction in, int opcode) {
    int size = in.bits(0);
    int count = count(in, 2);
    if (!operands.areSuitable(in) || size < 32 || count < 0) {
      return false;
    }
    Place place = operands.place(in.operand(0), true);
    Place result = operands.compute(size, place, true);
    // the other temporary may hold an address, or the result
    int other = result == place ? HostRegister.TEMPORARY : HostRegister.ADDRESS;
    int register = operands.inRegister(operands.place(in.operand(1), false), size, other);
    if (count == 0 && block.flagsNeeded()) {
      flags.restore();
    }
    operands.emitExact(
        Opcode.of0F(count == 0 ? opcode | 1 : opcode), size, register, result, false);
    if (count != 0) {
      out.byte1(count);
    }
    flags.setInHost();
    operands.finish(place, result);
    correctFlags(in, count, place);
    return true;
  }
}
