package dev.hindsight.x86.assembler;

import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.OpcodeRow;
import dev.hindsight.x86.OpcodeTable;
import dev.hindsight.x86.Operand;
import dev.hindsight.x86.RowAttribute;

/**
 * Finds the shortest encoding of an instruction: tries each row of the opcode table that bears the
 * mnemonic with each operand and address size that the mode has.
 */
final class Encoder {
  private static final byte[] NONE = {};

  private Encoder() {}

  /**
   * Encodes an instruction.
   *
   * @throws IllegalArgumentException if nothing fits, or the size of a memory operand is open
   */
  static byte[] encode(EncodingRequest request) {
    byte[] best = shortest(request);
    if (isSymmetric(request)) {
      byte[] swapped = shortest(request.with(request.operands().reversed(), request.wide()));
      if (best.length == 0 || swapped.length > 0 && swapped.length < best.length) {
        best = swapped;
      }
    }
    if (best.length == 0) {
      throw new IllegalArgumentException(
          "No form of " + describe(request) + " exists in " + request.mode().bits() + "-bit code.");
    }
    if (best.length > 15) {
      throw new IllegalArgumentException(describe(request) + " is longer than 15 bytes.");
    }
    return best;
  }

  /** Whether the operands may change places without changing the meaning. */
  private static boolean isSymmetric(EncodingRequest request) {
    return request.operands().size() == 2
        && (request.mnemonic() == Mnemonic.XCHG || request.mnemonic() == Mnemonic.TEST);
  }

  /** The shortest encoding with the operands in the order given; empty if there is none. */
  private static byte[] shortest(EncodingRequest request) {
    byte[] best = NONE;
    int memoryBits = -1;
    for (OpcodeRow row : OpcodeTable.standard().rows(request.mnemonic())) {
      if (!row.existsIn(request.mode()) || row.has(RowAttribute.ALIAS)) {
        continue;
      }
      for (Sizes sizes : Sizes.candidates(row, request.mode())) {
        RowFit fit = new RowFit(request, row, sizes);
        if (!fit.succeeds()) {
          continue;
        }
        if (memoryBits >= 0 && memoryBits != fit.memoryBits()) {
          throw new IllegalArgumentException(
              describe(request) + " does not say how many bytes its memory operand has.");
        }
        memoryBits = fit.memoryBits();
        byte[] bytes = fit.bytes();
        if (best.length == 0 || bytes.length < best.length) {
          best = bytes;
        }
      }
    }
    return best;
  }

  private static String describe(EncodingRequest request) {
    StringBuilder text = new StringBuilder(request.mnemonic().name());
    String separator = " ";
    for (Operand operand : request.operands()) {
      text.append(separator).append(operand);
      separator = ", ";
    }
    if (request.operandBits() != 0) {
      text.append(" with operand size ").append(request.operandBits());
    }
    return text.toString();
  }

  /** Whether the default segment of an operand is SS: its base is a stack or frame pointer. */
  static boolean usesStackSegment(MemoryOperand memory) {
    if (memory.base() == null) {
      return false;
    }
    boolean swapped16 =
        memory.addressBits() == 16 && memory.index() != null && memory.index().number() == 5;
    boolean frame = memory.base().number() == 4 || memory.base().number() == 5;
    return frame || swapped16;
  }

  /** Whether code of a mode is 64-bit code. */
  static boolean is64(CodeMode mode) {
    return mode == CodeMode.BITS64;
  }
}
