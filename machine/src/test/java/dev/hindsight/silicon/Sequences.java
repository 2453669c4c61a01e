package dev.hindsight.silicon;

import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Operand;
import dev.hindsight.x86.Prefixes;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.RegisterKind;
import dev.hindsight.x86.RowAttribute;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Which instructions may stand in a sequence. */
final class Sequences {
  private static final Set<Mnemonic> CONDITIONAL_BRANCHES = EnumSet.range(Mnemonic.JO, Mnemonic.JG);

  private final Undefined undefined = Undefined.standard();
  private final Set<Mnemonic> unfit = EnumSet.noneOf(Mnemonic.class);

  Sequences() {
    for (List<String> row : TextTable.read("unfit-for-sequences.txt", 2)) {
      for (String mnemonic : TextTable.list(row.getFirst(), ",")) {
        unfit.add(Mnemonic.valueOf(mnemonic));
      }
    }
  }

  /**
   * Whether an instruction may stand in the middle of a sequence: its results are all defined (but
   * for flags), it goes on to the next, and it leaves the registers alone that hold addresses.
   */
  boolean fits(Instruction in) {
    Mnemonic m = in.mnemonic();
    if (unfit.contains(m)
        || undefined.leavesResultUndefined(m)
        || in.has(Prefixes.REP)
        || in.has(Prefixes.REPNE)) {
      return false;
    }
    if (in.row().has(RowAttribute.ENDS_BLOCK)
        && m != Mnemonic.JMP
        && !CONDITIONAL_BRANCHES.contains(m)) {
      return false;
    }
    for (int i = 0; i < in.operands().size(); i++) {
      Operand operand = in.operand(i);
      if (operand instanceof Register register) {
        if (register.kind() == RegisterKind.SEGMENT
            || register.kind() == RegisterKind.CONTROL
            || register.kind() == RegisterKind.DEBUG) {
          return false;
        }
        if (i == 0 || m == Mnemonic.XCHG || m == Mnemonic.XADD || m == Mnemonic.MULX) {
          if (isPointer(register)) {
            return false;
          }
        }
      } else if (operand instanceof MemoryOperand && (m == Mnemonic.JMP || m == Mnemonic.BT)) {
        return false;
      } else if (operand instanceof MemoryOperand memory && memory.addressBits() == 16) {
        return false;
      }
    }
    return m != Mnemonic.JMP || !(in.operand(0) instanceof Register);
  }

  private static boolean isPointer(Register register) {
    int n = register.number();
    return register.kind() == RegisterKind.GENERAL && (n >= 3 && n <= 7 || n >= 11)
        || register.kind() == RegisterKind.HIGH_BYTE && n == 3;
  }

  /** Whether an instruction that sets all flags should follow. */
  boolean needsFlagsDefined(Instruction in) {
    return undefined.leavesFlagsUndefined(in.mnemonic());
  }
}
