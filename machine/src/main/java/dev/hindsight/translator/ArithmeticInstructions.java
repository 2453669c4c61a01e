package dev.hindsight.translator;

import dev.hindsight.x86.ConditionCode;
import dev.hindsight.x86.ImmediateOperand;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Operand;
import dev.hindsight.x86.Register;

/** Emits arithmetic, logic and comparisons of general registers and memory. */
final class ArithmeticInstructions extends InstructionEmitter {
  private static final int CMP = 7;

  ArithmeticInstructions(BlockWriter block, OperandEmitter operands) {
    super(block, operands);
  }

  /** Emits an instruction; false, with nothing emitted, if it is none of these. */
  boolean emit(Instruction in) {
    return switch (in.mnemonic()) {
      case ADD -> binary(in, 0);
      case OR -> binary(in, 1);
      case ADC -> binary(in, 2);
      case SBB -> binary(in, 3);
      case AND -> binary(in, 4);
      case SUB -> binary(in, 5);
      case XOR -> binary(in, 6);
      case CMP -> binary(in, CMP);
      case TEST -> test(in);
      case INC -> incrementOrDecrement(in, 0);
      case DEC -> incrementOrDecrement(in, 1);
      case NOT -> not(in);
      case NEG -> negate(in);
      case CLC -> carry(0xF8);
      case STC -> carry(0xF9);
      case CMC -> carry(0xF5);
      default -> {
        int condition = ConditionCode.ofSet(in.mnemonic());
        yield condition != ConditionCode.NONE && set(in, condition);
      }
    };
  }

  // ---- ADD, OR, ADC, SBB, AND, SUB, XOR, CMP

  private boolean binary(Instruction in, int operation) {
    if (!operands.areSuitable(in)) {
      return false;
    }
    Operand to = in.operand(0);
    Operand from = in.operand(1);
    int size = in.bits(0);
    boolean write = operation != CMP;
    boolean needsCarry = operation == 2 || operation == 3;
    if (size == 8 && (OperandEmitter.isHighByte(to) || OperandEmitter.isHighByte(from))) {
      binaryOfHighByte(to, from, operation, needsCarry);
      return true;
    }
    Place destination = null;
    Place source = null;
    if (from instanceof MemoryOperand) {
      source = operands.place(from, false);
      destination = operands.place(to, write);
    } else {
      destination = operands.place(to, write);
      source = from instanceof ImmediateOperand ? null : operands.place(from, false);
    }
    if (needsCarry) {
      flags.restoreCarry();
    }
    if (source == null) {
      source = operands.softImmediate(size, destination);
    }
    Place result = write ? operands.compute(size, destination, true) : destination;
    if (source == null) {
      immediate(operation, size, result, ((ImmediateOperand) from).value());
    } else {
      combine(operation, size, result, source);
    }
    flags.setInHost();
    operands.finish(destination, result);
    return true;
  }

  private void combine(int operation, int size, Place destination, Place source) {
    int opcode = operation << 3;
    if (source.isRegister()) {
      operands.emit(Opcode.of(opcode), size, source.register(), destination);
    } else if (destination.isRegister()) {
      operands.emit(Opcode.of(opcode | 2), size, destination.register(), source);
    } else {
      operands.load(size, HostRegister.TEMPORARY, source);
      operands.emit(Opcode.of(opcode), size, HostRegister.TEMPORARY, destination);
    }
  }

  private void immediate(int operation, int size, Place destination, long value) {
    if (size == 8) {
      operands.emit(Opcode.of(0x80), 8, operation, destination);
      out.byte1((int) value);
    } else if (value == (byte) value) {
      operands.emitExact(Opcode.GROUP1_BYTE, size, operation, destination, false);
      out.byte1((int) value);
    } else {
      operands.emitExact(Opcode.GROUP1, size, operation, destination, false);
      out.immediate(value, Math.min(size, 32) >>> 3);
    }
  }

  private void binaryOfHighByte(Operand to, Operand from, int operation, boolean needsCarry) {
    boolean write = operation != CMP;
    Place destination = null;
    Place source = null;
    if (to instanceof MemoryOperand) {
      destination = operands.place(to, write);
    } else if (from instanceof MemoryOperand) {
      source = operands.place(from, false);
    }
    if (from instanceof Register r) {
      source = operands.byteSource(r);
    }
    if (needsCarry) {
      flags.restoreCarry();
    }
    int rotated = RegisterMap.NONE;
    if (destination == null) {
      Register r = (Register) to;
      destination = Place.ofGeneral(r.number());
      if (OperandEmitter.isHighByte(to)) {
        rotated = destination.register();
        operands.rotateHighByteDown(rotated);
      }
    }
    if (source == null) {
      immediate(operation, 8, destination, ((ImmediateOperand) from).value());
    } else {
      combine(operation, 8, destination, source);
    }
    flags.setInHost();
    if (rotated != RegisterMap.NONE) {
      operands.rotateHighByteUp(rotated);
    }
  }

  private boolean test(Instruction in) {
    if (!operands.areSuitable(in)) {
      return false;
    }
    int size = in.bits(0);
    Operand first = in.operand(0);
    Place left;
    if (OperandEmitter.isHighByte(first)) {
      operands.loadHighByte(HostRegister.ADDRESS, first);
      left = Place.ofHost(HostRegister.ADDRESS);
    } else {
      left = operands.place(first, false);
    }
    if (in.operand(1) instanceof ImmediateOperand i) {
      operands.emit(Opcode.of(0xF6), size, 0, left);
      out.immediate(i.value(), Math.min(size, 32) >>> 3);
    } else {
      Register r = (Register) in.operand(1);
      int right;
      if (OperandEmitter.isHighByte(r)) {
        operands.loadHighByte(HostRegister.TEMPORARY, r);
        right = HostRegister.TEMPORARY;
      } else {
        right = operands.inRegister(Place.ofGeneral(r.number()), size, HostRegister.TEMPORARY);
      }
      operands.emit(Opcode.of(0x84), size, right, left);
    }
    flags.setInHost();
    return true;
  }

  // ---- one operand

  private boolean incrementOrDecrement(Instruction in, int operation) {
    if (!operands.areSuitable(in) || OperandEmitter.isHighByte(in.operand(0))) {
      return false;
    }
    Place place = operands.place(in.operand(0), true);
    if (block.flagsNeeded()) {
      flags.restoreCarry();
    }
    Place result = operands.compute(in.bits(0), place, true);
    operands.emit(Opcode.of(0xFE), in.bits(0), operation, result);
    flags.setInHost();
    operands.finish(place, result);
    return true;
  }

  private boolean not(Instruction in) {
    if (!operands.areSuitable(in) || OperandEmitter.isHighByte(in.operand(0))) {
      return false;
    }
    Place place = operands.place(in.operand(0), true);
    Place result = operands.compute(in.bits(0), place, true);
    operands.emit(Opcode.of(0xF6), in.bits(0), 2, result);
    operands.finish(place, result);
    return true;
  }

  private boolean negate(Instruction in) {
    if (!operands.areSuitable(in) || OperandEmitter.isHighByte(in.operand(0))) {
      return false;
    }
    Place place = operands.place(in.operand(0), true);
    Place result = operands.compute(in.bits(0), place, true);
    operands.emit(Opcode.of(0xF6), in.bits(0), 3, result);
    flags.setInHost();
    operands.finish(place, result);
    return true;
  }

  private boolean carry(int opcode) {
    flags.restore();
    out.byte1(opcode);
    flags.setInHost();
    return true;
  }

  private boolean set(Instruction in, int condition) {
    if (!operands.areSuitable(in)) {
      return false;
    }
    Operand to = in.operand(0);
    boolean high = OperandEmitter.isHighByte(to);
    Place place = high ? Place.ofGeneral(((Register) to).number()) : operands.place(to, true);
    flags.restore();
    if (high) {
      operands.rotateHighByteDown(place.register());
    }
    operands.emitExact(Opcode.of0F(0x90 | condition), 32, 0, place, true);
    if (high) {
      operands.rotateHighByteUp(place.register());
    }
    return true;
  }
}
