package dev.hindsight.translator;

import dev.hindsight.x86.ConditionCode;
import dev.hindsight.x86.ImmediateOperand;
import dev.hindsight.x86.Instruction;

/**
 * Emits MUL, IMUL, DIV and IDIV.
 *
 * <p>No divide error may happen on the host: what could be one is left to the interpreter.
 */
final class MultiplyAndDivide extends InstructionEmitter {
  private static final int OR_BYTES = 0x08;

  MultiplyAndDivide(BlockWriter block, OperandEmitter operands) {
    super(block, operands);
  }

  boolean emit(Instruction in) {
    if (in.operands().isEmpty() || in.bits(0) < 32 || !operands.areSuitable(in)) {
      return false;
    }
    return switch (in.mnemonic()) {
      case IMUL -> in.operands().size() == 1 ? wideProduct(in, 5) : product(in);
      case MUL -> wideProduct(in, 4);
      case DIV -> divide(in, false);
      case IDIV -> divide(in, true);
      default -> false;
    };
  }

  /** IMUL with two or three operands. */
  private boolean product(Instruction in) {
    int size = in.bits(0);
    Place source = operands.place(in.operand(1), false);
    Place destination = operands.place(in.operand(0), true);
    int to;
    if (in.operands().size() == 3) {
      to = destination.isRegister() ? destination.register() : HostRegister.TEMPORARY;
      long value = ((ImmediateOperand) in.operand(2)).value();
      boolean small = value == (byte) value;
      operands.emitExact(Opcode.of(small ? 0x6B : 0x69), size, to, source, false);
      out.immediate(value, small ? 1 : 4);
    } else {
      to = operands.inRegister(destination, size, HostRegister.TEMPORARY);
      operands.emitExact(Opcode.of0F(0xAF), size, to, source, false);
    }
    flagsOfProduct(size, to);
    operands.store(size, destination, to);
    return true;
  }

  /** RDX:RAX = RAX * operand. */
  private boolean wideProduct(Instruction in, int operation) {
    int size = in.bits(0);
    Place source = operands.place(in.operand(0), false);
    out.move(HostRegister.RAX, RegisterMap.RAX);
    operands.emit(Opcode.of(0xF6), size, operation, source);
    out.move(RegisterMap.RAX, HostRegister.RAX);
    flagsOfProduct(size, RegisterMap.RAX);
    return true;
  }

  /**
   * CF and OF are those that the host set; the others it may leave as it likes, and are made those
   * of the low half.
   */
  private void flagsOfProduct(int size, int low) {
    if (!block.flagsNeeded()) {
      flags.setInHost();
      return;
    }
    out.byte1(0x0F); // SETO AL: CF is the same
    out.byte1(0x90);
    out.byte1(0xC0);
    out.register(Opcode.TEST, size == 64 ? 1 : 0, low, low, false);
    out.byte1(0x9F); // LAHF
    out.byte1(OR_BYTES); // OR AH, AL
    out.byte1(0xC4);
    flags.setInRegister();
  }

  /** DIV and IDIV leave all flags as they were. */
  private boolean divide(Instruction in, boolean signed) {
    int size = in.bits(0);
    int w = size == 64 ? 1 : 0;
    flags.save();
    Place place = operands.place(in.operand(0), false);
    int divisor = operands.inRegister(place, size, HostRegister.TEMPORARY);
    if (signed) {
      // the dividend is one of half the size, and the divisor neither 0 nor -1
      out.register(Opcode.MOV_LOAD, w, HostRegister.ADDRESS, RegisterMap.RAX, false);
      out.register(Opcode.GROUP2_BYTE, w, 7, HostRegister.ADDRESS, false); // SAR
      out.byte1(size - 1);
      out.register(Opcode.CMP, w, HostRegister.ADDRESS, HostRegister.RDX, false);
      block.slow.interpret(block.info(), out.jumpIf(ConditionCode.NE));
      out.memory(Opcode.LEA, w, HostRegister.ADDRESS, divisor, 1, false);
      out.arithmetic(7, w, HostRegister.ADDRESS, 1);
      block.slow.interpret(block.info(), out.jumpIf(ConditionCode.BE));
    } else {
      // the quotient fits if the upper half of the dividend is less than the divisor
      out.register(Opcode.CMP, w, HostRegister.RDX, divisor, false);
      block.slow.interpret(block.info(), out.jumpIf(ConditionCode.AE));
    }
    out.store(HostRegister.AREA, EngineArea.SCRATCH, HostRegister.FLAGS);
    out.move(HostRegister.RAX, RegisterMap.RAX);
    out.register(Opcode.GROUP3, w, signed ? 7 : 6, divisor, false);
    out.move(RegisterMap.RAX, HostRegister.RAX);
    out.load(HostRegister.FLAGS, HostRegister.AREA, EngineArea.SCRATCH);
    flags.setInRegister();
    return true;
  }
}
