package dev.hindsight.translator;

import dev.hindsight.x86.ImmediateOperand;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Operand;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.RegisterKind;

/** What instructions that cannot leave a block do with the arithmetic flags. */
final class FlagUse {
  private FlagUse() {}

  /** Whether an instruction sets all six, whatever they were, and cannot fault. */
  static boolean overwritesAll(Instruction in) {
    return switch (in.mnemonic()) {
      case ADD, SUB, AND, OR, XOR, CMP, TEST, NEG -> staysInside(in);
      default -> false;
    };
  }

  /** Whether an instruction neither reads nor writes any, and cannot fault. */
  static boolean ignores(Instruction in) {
    return switch (in.mnemonic()) {
      case LEA, NOP -> true;
      case MOV, MOVZX, MOVSX, MOVSXD, NOT, CDQE, CWDE, CDQ, CQO -> staysInside(in);
      default -> false;
    };
  }

  private static boolean staysInside(Instruction in) {
    for (int i = 0; i < in.operands().size(); i++) {
      Operand o = in.operand(i);
      boolean general =
          o instanceof Register r
              && (r.kind() == RegisterKind.GENERAL || r.kind() == RegisterKind.HIGH_BYTE);
      if (!general && !(o instanceof ImmediateOperand)) {
        return false;
      }
    }
    return true;
  }
}
