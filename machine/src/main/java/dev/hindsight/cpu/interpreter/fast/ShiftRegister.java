package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.instructions.general.Shifts;
import dev.hindsight.cpu.interpreter.Operation;
import dev.hindsight.x86.Mnemonic;

/** SHL, SHR, SAR, ROL and ROR of a register by an immediate or by CL. */
final class ShiftRegister extends Operation {
  static final int SHL = 0;
  static final int SHR = 1;
  static final int SAR = 2;
  static final int ROL = 3;
  static final int ROR = 4;

  /** Not one of them. */
  static final int NONE = -1;

  /** In place of an immediate count: by CL. */
  static final int BY_CL = -1;

  private final int number;
  private final RegisterField field;
  private final int count;

  ShiftRegister(int number, RegisterField field, int count, int end) {
    super(end, false);
    this.number = number;
    this.field = field;
    this.count = count;
  }

  /** The number of a mnemonic, or {@link #NONE}. */
  static int number(Mnemonic mnemonic) {
    return switch (mnemonic) {
      case SHL -> SHL;
      case SHR -> SHR;
      case SAR -> SAR;
      case ROL -> ROL;
      case ROR -> ROR;
      default -> NONE;
    };
  }

  @Override
  public void execute(Vcpu cpu) {
    GeneralRegisters r = cpu.general();
    int by = count == BY_CL ? r.get8(GeneralRegisters.RCX) : count;
    long a = field.get(r);
    field.set(
        r,
        switch (number) {
          case SHL -> Shifts.shl(cpu.flags(), a, by, field.bits);
          case SHR -> Shifts.shr(cpu.flags(), a, by, field.bits);
          case SAR -> Shifts.sar(cpu.flags(), a, by, field.bits);
          case ROL -> Shifts.rol(cpu.flags(), a, by, field.bits);
          default -> Shifts.ror(cpu.flags(), a, by, field.bits);
        });
  }
}
