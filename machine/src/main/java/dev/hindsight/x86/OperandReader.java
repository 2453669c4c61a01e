package dev.hindsight.x86;

import org.jspecify.annotations.Nullable;

/** Reads the operands of an instruction, its immediates and displacements among them. */
final class OperandReader {
  private OperandReader() {}

  /**
   * Reads one operand; those of an instruction must be read in order.
   *
   * @return the operand, or null if the encoding names a register that does not exist
   */
  static @Nullable Operand read(Encoding in, OperandSpec spec) {
    int bits = spec.size().bits(in.operandBits, in.vectorBits(), in.mode);
    return switch (spec.kind()) {
      case REG_GENERAL -> general(in, in.reg | in.r, bits);
      case RM_GENERAL -> general(in, in.rm | in.b, bits);
      case OPCODE_GENERAL -> general(in, in.opcode & 7 | in.b, bits);
      case VVVV_GENERAL -> Register.general(in.vvvv, bits);
      case RM_GENERAL_OR_MEMORY -> in.mod == 3 ? general(in, in.rm | in.b, bits) : in.memory;
      case MEMORY, MEMORY_INDEXED_BY_XMM, MEMORY_INDEXED_BY_YMM -> in.memory;
      case REG_VECTOR -> vector(in.reg | in.r, bits);
      case VVVV_VECTOR -> vector(in.vvvv, bits);
      case RM_VECTOR -> vector(in.rm | in.b, bits);
      case RM_VECTOR_OR_MEMORY -> in.mod == 3 ? vector(in.rm | in.b, bits) : in.memory;
      case IMMEDIATE_VECTOR -> vector(in.next() >> 4 & (in.is64() ? 15 : 7), bits);
      case REG_MMX -> Register.mmx(in.reg);
      case RM_MMX -> Register.mmx(in.rm);
      case RM_MMX_OR_MEMORY -> in.mod == 3 ? Register.mmx(in.rm) : in.memory;
      case RM_X87 -> Register.x87(in.rm);
      case SEGMENT -> in.reg < 6 ? Register.segment(in.reg) : null;
      case CONTROL -> control(in.reg | in.r);
      case DEBUG -> in.r == 0 ? Register.debug(in.reg) : null;
      case ACCUMULATOR -> Register.general(0, bits);
      case FIXED -> spec.register();
      case ONE -> new ImmediateOperand(1, 8);
      case IMMEDIATE -> immediate(in, spec.size(), bits);
      case SIGNED_BYTE -> new ImmediateOperand(in.next(1), in.operandBits);
      case RELATIVE -> new RelativeOperand(in.next(Math.min(bits, 32) / 8), in.operandBits);
      case FAR_POINTER -> farPointer(in);
      case MEMORY_OFFSET -> MemoryOperandReader.offset(in, bits);
      case SOURCE_STRING -> MemoryOperandReader.at(in, Register.RSI.number(), bits);
      case DESTINATION_STRING -> MemoryOperandReader.destinationString(in, bits);
      case MEMORY_AT_RBX -> MemoryOperandReader.at(in, Register.RBX.number(), bits);
      case MEMORY_AT_RDI -> MemoryOperandReader.at(in, Register.RDI.number(), bits);
      case MEMORY_AT_RAX -> MemoryOperandReader.at(in, Register.RAX.number(), bits);
    };
  }

  private static Register general(Encoding in, int number, int bits) {
    if (bits == 8 && !in.rex && number >= 4) {
      return Register.highByte(number - 4);
    }
    return Register.general(number, bits);
  }

  private static Register vector(int number, int bits) {
    return bits == 256 ? Register.ymm(number) : Register.xmm(number);
  }

  private static @Nullable Register control(int number) {
    return switch (number) {
      case 0, 2, 3, 4, 8 -> Register.control(number);
      default -> null;
    };
  }

  private static ImmediateOperand immediate(Encoding in, OperandSize size, int bits) {
    long value = in.next(bits / 8);
    return new ImmediateOperand(
        value, size == OperandSize.OPERAND_UP_TO_32 ? in.operandBits : bits);
  }

  private static FarPointerOperand farPointer(Encoding in) {
    int bits = in.operandBits;
    long offset = in.next(bits / 8) & (1L << bits) - 1;
    int selector = (int) in.next(2) & 0xFFFF;
    return new FarPointerOperand(selector, offset, bits);
  }
}
