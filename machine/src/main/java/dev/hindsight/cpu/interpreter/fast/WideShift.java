package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.instructions.general.Shifts;
import dev.hindsight.cpu.interpreter.Operation;

/** SHL, SHR and SAR of a register of 32 or 64 bits by an immediate: a class for each. */
abstract class WideShift extends Operation {
  /** Number of the register. */
  protected final int register;

  /** 32 or 64. */
  protected final int bits;

  /** By how much. */
  protected final int count;

  /** The bits of a register that results have. */
  protected final long mask;

  private WideShift(RegisterField field, int count, int end) {
    super(end, false);
    this.register = field.number;
    this.bits = field.bits;
    this.count = count;
    this.mask = -1L >>> (64 - bits);
  }

  /** The operation of a number of {@link ShiftRegister}. */
  static Operation of(int number, RegisterField field, int count, int end) {
    return switch (number) {
      case ShiftRegister.SHL -> new Shl(field, count, end);
      case ShiftRegister.SHR -> new Shr(field, count, end);
      case ShiftRegister.SAR -> new Sar(field, count, end);
      default -> new ShiftRegister(number, field, count, end);
    };
  }

  private static final class Shl extends WideShift {
    Shl(RegisterField field, int count, int end) {
      super(field, count, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      GeneralRegisters r = cpu.general();
      r.set64(register, Shifts.shl(cpu.flags(), r.get64(register), count, bits) & mask);
    }
  }

  private static final class Shr extends WideShift {
    Shr(RegisterField field, int count, int end) {
      super(field, count, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      GeneralRegisters r = cpu.general();
      r.set64(register, Shifts.shr(cpu.flags(), r.get64(register), count, bits) & mask);
    }
  }

  private static final class Sar extends WideShift {
    Sar(RegisterField field, int count, int end) {
      super(field, count, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      GeneralRegisters r = cpu.general();
      r.set64(register, Shifts.sar(cpu.flags(), r.get64(register), count, bits) & mask);
    }
  }
}
