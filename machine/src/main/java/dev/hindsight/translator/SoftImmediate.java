package dev.hindsight.translator;

import dev.hindsight.bus.WriteGuard;
import dev.hindsight.x86.ImmediateOperand;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.OperandKind;
import dev.hindsight.x86.OperandSpec;
import dev.hindsight.x86.Register;
import java.util.List;

/**
 * An immediate operand that is read from the guest's memory each time, since the guest keeps
 * writing it: the block does not depend on its bytes.
 *
 * @param guard host address of the {@link WriteGuard} of the code's page
 * @param inPage offset in the page
 * @param bytes 1, 2, 4 or 8
 */
record SoftImmediate(long guard, int inPage, int bytes) {
  /**
   * How many bytes at the end of an instruction are an immediate operand that can be read from
   * memory, or 0.
   */
  static int bytesOf(Instruction in) {
    List<OperandSpec> specs = in.row().operands();
    if (!isOf(in.mnemonic())
        || specs.size() != 2
        || !(in.operand(1) instanceof ImmediateOperand)
        || OperandEmitter.isHighByte(in.operand(0))) {
      return 0;
    }
    int bits = in.bits(0);
    return switch (specs.get(1).kind()) {
      case OperandKind.SIGNED_BYTE -> 1;
      case OperandKind.IMMEDIATE -> bits <= 32 ? bits >>> 3 : isWholeQuadword(in) ? 8 : 4;
      default -> 0;
    };
  }

  private static boolean isOf(Mnemonic mnemonic) {
    return switch (mnemonic) {
      case MOV, MOVABS, ADD, OR, ADC, SBB, AND, SUB, XOR, CMP -> true;
      default -> false;
    };
  }

  /** MOV r64, imm64 has no ModRM. */
  private static boolean isWholeQuadword(Instruction in) {
    boolean moves = in.mnemonic() == Mnemonic.MOV || in.mnemonic() == Mnemonic.MOVABS;
    return moves && in.operand(0) instanceof Register && in.modrm() == 0;
  }

  /**
   * Emits what loads it, sign-extended to a size, into a register of the host; the bits above the
   * size are anything. No flags change.
   */
  void emitLoad(HostEmitter out, int bits, int to) {
    out.constant(to, guard);
    out.load(to, to, WriteGuard.HOST);
    int w = bits == 64 ? 1 : 0;
    if (bytes == 1 && bits > 8) {
      out.memory(Opcode.of0F(0xBE), w, to, to, inPage, false);
    } else if (bytes == 4 && bits == 64) {
      out.memory(Opcode.of(0x63), 1, to, to, inPage, false);
    } else if (bytes == 1) {
      out.memory(Opcode.of0F(0xB6), 0, to, to, inPage, false);
    } else if (bytes == 2) {
      out.memory(Opcode.of0F(0xB7), 0, to, to, inPage, false);
    } else {
      out.memory(Opcode.MOV_LOAD, w, to, to, inPage, false);
    }
  }
}
