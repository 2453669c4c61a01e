package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.instructions.general.Arithmetic;
import dev.hindsight.cpu.interpreter.Operation;

/** {@code ADD r, imm} and its kind, with 32 or 64 bits: a class for each. */
abstract class WideRegisterImmediate extends Operation {
  /** Number of the destination register. */
  protected final int to;

  /** The source. */
  protected final long immediate;

  /** 32 or 64. */
  protected final int bits;

  /** The bits of a register that results have. */
  protected final long mask;

  private WideRegisterImmediate(RegisterField destination, long immediate, int end) {
    super(end, false);
    this.to = destination.number;
    this.immediate = immediate;
    this.bits = destination.bits;
    this.mask = -1L >>> (64 - bits);
  }

  /** The operation of a number of {@link Binary}. */
  static Operation of(int number, RegisterField d, long immediate, int end) {
    return switch (number) {
      case Binary.ADD -> new Add(d, immediate, end);
      case Binary.OR -> new Or(d, immediate, end);
      case Binary.ADC -> new Adc(d, immediate, end);
      case Binary.SBB -> new Sbb(d, immediate, end);
      case Binary.AND -> new And(d, immediate, end);
      case Binary.SUB -> new Sub(d, immediate, end);
      case Binary.XOR -> new Xor(d, immediate, end);
      case Binary.CMP -> new Cmp(d, immediate, end);
      default -> new Test(d, immediate, end);
    };
  }

  private static final class Add extends WideRegisterImmediate {
    Add(RegisterField d, long immediate, int end) {
      super(d, immediate, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      GeneralRegisters r = cpu.general();
      r.set64(to, Arithmetic.add(cpu.flags(), r.get64(to), immediate, bits) & mask);
    }
  }

  private static final class Or extends WideRegisterImmediate {
    Or(RegisterField d, long immediate, int end) {
      super(d, immediate, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      GeneralRegisters r = cpu.general();
      r.set64(to, Arithmetic.or(cpu.flags(), r.get64(to), immediate, bits) & mask);
    }
  }

  private static final class Adc extends WideRegisterImmediate {
    Adc(RegisterField d, long immediate, int end) {
      super(d, immediate, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      GeneralRegisters r = cpu.general();
      r.set64(to, Arithmetic.adc(cpu.flags(), r.get64(to), immediate, bits) & mask);
    }
  }

  private static final class Sbb extends WideRegisterImmediate {
    Sbb(RegisterField d, long immediate, int end) {
      super(d, immediate, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      GeneralRegisters r = cpu.general();
      r.set64(to, Arithmetic.sbb(cpu.flags(), r.get64(to), immediate, bits) & mask);
    }
  }

  private static final class And extends WideRegisterImmediate {
    And(RegisterField d, long immediate, int end) {
      super(d, immediate, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      GeneralRegisters r = cpu.general();
      r.set64(to, Arithmetic.and(cpu.flags(), r.get64(to), immediate, bits) & mask);
    }
  }

  private static final class Sub extends WideRegisterImmediate {
    Sub(RegisterField d, long immediate, int end) {
      super(d, immediate, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      GeneralRegisters r = cpu.general();
      r.set64(to, Arithmetic.sub(cpu.flags(), r.get64(to), immediate, bits) & mask);
    }
  }

  private static final class Xor extends WideRegisterImmediate {
    Xor(RegisterField d, long immediate, int end) {
      super(d, immediate, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      GeneralRegisters r = cpu.general();
      r.set64(to, Arithmetic.xor(cpu.flags(), r.get64(to), immediate, bits) & mask);
    }
  }

  /** CMP. */
  static final class Cmp extends WideRegisterImmediate {
    Cmp(RegisterField d, long immediate, int end) {
      super(d, immediate, end);
    }

    /** Sets the flags. */
    void compare(Vcpu cpu) {
      Arithmetic.cmp(cpu.flags(), cpu.general().get64(to), immediate, bits);
    }

    @Override
    public void execute(Vcpu cpu) {
      compare(cpu);
    }
  }

  /** TEST. */
  static final class Test extends WideRegisterImmediate {
    Test(RegisterField d, long immediate, int end) {
      super(d, immediate, end);
    }

    /** Sets the flags. */
    void compare(Vcpu cpu) {
      cpu.flags().afterLogic(cpu.general().get64(to) & immediate, bits);
    }

    @Override
    public void execute(Vcpu cpu) {
      compare(cpu);
    }
  }
}
