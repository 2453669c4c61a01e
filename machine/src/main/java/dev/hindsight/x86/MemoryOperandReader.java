package dev.hindsight.x86;

import org.jspecify.annotations.Nullable;

/**
 * Reads memory operands: ModRM with 16-bit addressing (Intel SDM volume 2, table 2-1), and ModRM
 * and SIB with 32- and 64-bit addressing (tables 2-2, 2-3 and 2-7).
 */
final class MemoryOperandReader {
  private static final Register[] BASE_16 = {
    Register.BX, Register.BX, Register.BP, Register.BP,
    Register.SI, Register.DI, Register.BP, Register.BX
  };
  private static final @Nullable Register[] INDEX_16 = {
    Register.SI, Register.DI, Register.SI, Register.DI, null, null, null, null
  };

  private MemoryOperandReader() {}

  /**
   * Reads the operand that ModRM describes, mod not being 3.
   *
   * @param vectorIndexBits 128 or 256 where the index is a vector register, else 0
   * @return the operand, or null if the encoding is invalid: a vector index without SIB
   */
  static @Nullable MemoryOperand read(Encoding in, int bits, int vectorIndexBits) {
    if (in.addressBits == 16) {
      return vectorIndexBits == 0 ? read16(in, bits) : null;
    }
    if (in.rm == 4) {
      return readSib(in, bits, vectorIndexBits);
    }
    if (vectorIndexBits != 0) {
      return null;
    }
    if (in.mod == 0 && in.rm == 5) {
      long displacement = in.next(4);
      return new MemoryOperand(
          segment(in, false), null, null, 1, displacement, in.addressBits, in.is64(), bits);
    }
    Register base = Register.general(in.rm | in.b, in.addressBits);
    boolean stack = in.rm == 5 && in.b == 0;
    return new MemoryOperand(
        segment(in, stack), base, null, 1, displacement(in), in.addressBits, false, bits);
  }

  private static MemoryOperand read16(Encoding in, int bits) {
    if (in.mod == 0 && in.rm == 6) {
      return new MemoryOperand(segment(in, false), null, null, 1, in.next(2), 16, false, bits);
    }
    Register base = BASE_16[in.rm];
    long displacement = in.mod == 0 ? 0 : in.next(in.mod);
    return new MemoryOperand(
        segment(in, base == Register.BP), base, INDEX_16[in.rm], 1, displacement, 16, false, bits);
  }

  private static MemoryOperand readSib(Encoding in, int bits, int vectorIndexBits) {
    int sib = in.next();
    int indexNumber = sib >> 3 & 7 | in.x;
    Register index;
    if (vectorIndexBits != 0) {
      index = vectorIndexBits == 256 ? Register.ymm(indexNumber) : Register.xmm(indexNumber);
    } else {
      index = indexNumber == 4 ? null : Register.general(indexNumber, in.addressBits);
    }
    int scale = index == null ? 1 : 1 << (sib >> 6);
    int low = sib & 7;
    if (low == 5 && in.mod == 0) {
      long displacement = in.next(4);
      return new MemoryOperand(
          segment(in, false), null, index, scale, displacement, in.addressBits, false, bits);
    }
    Register base = Register.general(low | in.b, in.addressBits);
    boolean stack = in.b == 0 && (low == 4 || low == 5);
    return new MemoryOperand(
        segment(in, stack), base, index, scale, displacement(in), in.addressBits, false, bits);
  }

  private static long displacement(Encoding in) {
    return switch (in.mod) {
      case 1 -> in.next(1);
      case 2 -> in.next(4);
      default -> 0;
    };
  }

  /** The operand at a register and DS (or its override), as string instructions have it. */
  static MemoryOperand at(Encoding in, int register, int bits) {
    Register base = Register.general(register, in.addressBits);
    return new MemoryOperand(segment(in, false), base, null, 1, 0, in.addressBits, false, bits);
  }

  /** The operand at ES:rDI, whose segment cannot be overridden. */
  static MemoryOperand destinationString(Encoding in, int bits) {
    Register base = Register.general(Register.RDI.number(), in.addressBits);
    return new MemoryOperand(Register.ES, base, null, 1, 0, in.addressBits, false, bits);
  }

  /** The operand at an offset in the instruction. */
  static MemoryOperand offset(Encoding in, int bits) {
    long offset = in.next(in.addressBits / 8);
    return new MemoryOperand(
        segment(in, false), null, null, 1, offset, in.addressBits, false, bits);
  }

  private static Register segment(Encoding in, boolean stack) {
    Register override = in.segment;
    if (override != null) {
      return override;
    }
    return stack ? Register.SS : Register.DS;
  }
}
