package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.instructions.general.Arithmetic;
import dev.hindsight.cpu.interpreter.Operation;

/** {@code ADD r, r} and its kind, with 32 or 64 bits: a class for each. */
abstract class WideRegisterRegister extends Operation {
  /** Number of the destination register. */
  protected final int to;

  /** Number of the source register. */
  protected final int from;

  /** 32 or 64. */
  protected final int bits;

  /** The bits of a register that results have. */
  protected final long mask;

  private WideRegisterRegister(RegisterField destination, RegisterField source, int end) {
    super(end, false);
    this.to = destination.number;
    this.from = source.number;
    this.bits = destination.bits;
    this.mask = -1L >>> (64 - bits);
  }

  /** The operation of a number of {@link Binary}. */
  static Operation of(int number, RegisterField d, RegisterField s, int end) {
    return switch (number) {
      case Binary.ADD -> new Add(d, s, end);
      case Binary.OR -> new Or(d, s, end);
      case Binary.ADC -> new Adc(d, s, end);
      case Binary.SBB -> new Sbb(d, s, end);
      case Binary.AND -> new And(d, s, end);
      case Binary.SUB -> new Sub(d, s, end);
      case Binary.XOR -> new Xor(d, s, end);
      case Binary.CMP -> new Cmp(d, s, end);
      default -> new Test(d, s, end);
    };
  }

  private static final class Add extends WideRegisterRegister {
    Add(RegisterField d, RegisterField s, int end) {
      super(d, s, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      GeneralRegisters r = cpu.general();
      r.set64(to, Arithmetic.add(cpu.flags(), r.get64(to), r.get64(from), bits) & mask);
    }
  }

  private static final class Or extends WideRegisterRegister {
    Or(RegisterField d, RegisterField s, int end) {
      super(d, s, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      GeneralRegisters r = cpu.general();
      r.set64(to, Arithmetic.or(cpu.flags(), r.get64(to), r.get64(from), bits) & mask);
    }
  }

  private static final class Adc extends WideRegisterRegister {
    Adc(RegisterField d, RegisterField s, int end) {
      super(d, s, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      GeneralRegisters r = cpu.general();
      r.set64(to, Arithmetic.adc(cpu.flags(), r.get64(to), r.get64(from), bits) & mask);
    }
  }

  private static final class Sbb extends WideRegisterRegister {
    Sbb(RegisterField d, RegisterField s, int end) {
      super(d, s, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      GeneralRegisters r = cpu.general();
      r.set64(to, Arithmetic.sbb(cpu.flags(), r.get64(to), r.get64(from), bits) & mask);
    }
  }

  private static final class And extends WideRegisterRegister {
    And(RegisterField d, RegisterField s, int end) {
      super(d, s, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      GeneralRegisters r = cpu.general();
      r.set64(to, Arithmetic.and(cpu.flags(), r.get64(to), r.get64(from), bits) & mask);
    }
  }

  private static final class Sub extends WideRegisterRegister {
    Sub(RegisterField d, RegisterField s, int end) {
      super(d, s, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      GeneralRegisters r = cpu.general();
      r.set64(to, Arithmetic.sub(cpu.flags(), r.get64(to), r.get64(from), bits) & mask);
    }
  }

  private static final class Xor extends WideRegisterRegister {
    Xor(RegisterField d, RegisterField s, int end) {
      super(d, s, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      GeneralRegisters r = cpu.general();
      r.set64(to, Arithmetic.xor(cpu.flags(), r.get64(to), r.get64(from), bits) & mask);
    }
  }

  /** CMP. */
  static final class Cmp extends WideRegisterRegister {
    Cmp(RegisterField d, RegisterField s, int end) {
      super(d, s, end);
    }

    /** Sets the flags. */
    void compare(Vcpu cpu) {
      GeneralRegisters r = cpu.general();
      Arithmetic.cmp(cpu.flags(), r.get64(to), r.get64(from), bits);
    }

    @Override
    public void execute(Vcpu cpu) {
      compare(cpu);
    }
  }

  /** TEST. */
  static final class Test extends WideRegisterRegister {
    Test(RegisterField d, RegisterField s, int end) {
      super(d, s, end);
    }

    /** Sets the flags. */
    void compare(Vcpu cpu) {
      GeneralRegisters r = cpu.general();
      cpu.flags().afterLogic(r.get64(to) & r.get64(from), bits);
    }

    @Override
    public void execute(Vcpu cpu) {
      compare(cpu);
    }
  }
}
