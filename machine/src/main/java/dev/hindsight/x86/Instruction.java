package dev.hindsight.x86;

import java.util.List;

/**
 * A decoded instruction: what the bytes say, with no reference to where they stand or to the state
 * of a CPU.
 *
 * @param mnemonic the manual's name
 * @param row the row of the opcode table that matched
 * @param length length in bytes, prefixes included: 1 to 15
 * @param operandBits effective operand size in bits: 16, 32 or 64 (byte forms have operands of 8
 *     bits whatever this says)
 * @param addressBits effective address size in bits: 16, 32 or 64
 * @param prefixes bits of {@link Prefixes}
 * @param modrm the ModRM byte, 0 to 0xFF; 0 if there is none
 * @param operands operands in Intel's order, destination first; operands that the manual's syntax
 *     shows are here even where the encoding implies them ({@code ADD AL, imm8}, {@code SHL r, 1},
 *     {@code SHL r, CL}, {@code IN AL, DX}, {@code FADD ST0, ST1}); the string instructions have
 *     theirs ({@code MOVS [ES:RDI], [DS:RSI]}); operands that it does not show (RDX:RAX of MUL) are
 *     not. An exception are MASKMOVQ, MASKMOVDQU, VMASKMOVDQU and MONITOR, whose memory at DS:rDI
 *     or DS:rAX, with the segment and address size in force, is the last operand; that of XLAT is
 *     at DS:rBX, and AL is to be added
 */
public record Instruction(
    Mnemonic mnemonic,
    OpcodeRow row,
    int length,
    int operandBits,
    int addressBits,
    int prefixes,
    int modrm,
    List<Operand> operands)
    implements Decoded {
  /** Bytes of the longest instruction: the architecture's limit. */
  public static final int MAX_LENGTH = 15;

  /** Operand {@code n}, counted from 0. */
  public Operand operand(int n) {
    return operands.get(n);
  }

  /** Size in bits of operand {@code n}. */
  public int bits(int n) {
    return operands.get(n).bits();
  }

  /** Whether a prefix (a bit of {@link Prefixes}) was there. */
  public boolean has(int prefix) {
    return (prefixes & prefix) != 0;
  }
}
