package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.LinearMemory;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.instructions.general.Arithmetic;
import dev.hindsight.cpu.interpreter.Operation;
import dev.hindsight.x86.MemoryOperand;

/** {@code ADD r, [m]} and its kind, with 32 or 64 bits: a class for each. */
abstract class WideRegisterMemory extends FlatMemoryOperation {
  /** Number of the destination register. */
  protected final int to;

  /** 32 or 64. */
  protected final int bits;

  /** The bits of a register that results have. */
  protected final long mask;

  private WideRegisterMemory(RegisterField destination, MemoryOperand source, int end) {
    super(source, end);
    this.to = destination.number;
    this.bits = destination.bits;
    this.mask = -1L >>> (64 - bits);
  }

  /** The operation of a number of {@link Binary} below TEST. */
  static Operation of(int number, RegisterField d, MemoryOperand s, int end) {
    return switch (number) {
      case Binary.ADD -> new Add(d, s, end);
      case Binary.OR -> new Or(d, s, end);
      case Binary.ADC -> new Adc(d, s, end);
      case Binary.SBB -> new Sbb(d, s, end);
      case Binary.AND -> new And(d, s, end);
      case Binary.SUB -> new Sub(d, s, end);
      case Binary.XOR -> new Xor(d, s, end);
      default -> new Cmp(d, s, end);
    };
  }

  /** The source. */
  protected final long source(Vcpu cpu) {
    LinearMemory memory = cpu.memory();
    long at = linear(cpu);
    return bits == 64 ? memory.read64(at) : memory.read32(at);
  }

  private static final class Add extends WideRegisterMemory {
    Add(RegisterField d, MemoryOperand s, int end) {
      super(d, s, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      long b = source(cpu);
      GeneralRegisters r = cpu.general();
      r.set64(to, Arithmetic.add(cpu.flags(), r.get64(to), b, bits) & mask);
    }
  }

  private static final class Or extends WideRegisterMemory {
    Or(RegisterField d, MemoryOperand s, int end) {
      super(d, s, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      long b = source(cpu);
      GeneralRegisters r = cpu.general();
      r.set64(to, Arithmetic.or(cpu.flags(), r.get64(to), b, bits) & mask);
    }
  }

  private static final class Adc extends WideRegisterMemory {
    Adc(RegisterField d, MemoryOperand s, int end) {
      super(d, s, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      long b = source(cpu);
      GeneralRegisters r = cpu.general();
      r.set64(to, Arithmetic.adc(cpu.flags(), r.get64(to), b, bits) & mask);
    }
  }

  private static final class Sbb extends WideRegisterMemory {
    Sbb(RegisterField d, MemoryOperand s, int end) {
      super(d, s, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      long b = source(cpu);
      GeneralRegisters r = cpu.general();
      r.set64(to, Arithmetic.sbb(cpu.flags(), r.get64(to), b, bits) & mask);
    }
  }

  private static final class And extends WideRegisterMemory {
    And(RegisterField d, MemoryOperand s, int end) {
      super(d, s, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      long b = source(cpu);
      GeneralRegisters r = cpu.general();
      r.set64(to, Arithmetic.and(cpu.flags(), r.get64(to), b, bits) & mask);
    }
  }

  private static final class Sub extends WideRegisterMemory {
    Sub(RegisterField d, MemoryOperand s, int end) {
      super(d, s, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      long b = source(cpu);
      GeneralRegisters r = cpu.general();
      r.set64(to, Arithmetic.sub(cpu.flags(), r.get64(to), b, bits) & mask);
    }
  }

  private static final class Xor extends WideRegisterMemory {
    Xor(RegisterField d, MemoryOperand s, int end) {
      super(d, s, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      long b = source(cpu);
      GeneralRegisters r = cpu.general();
      r.set64(to, Arithmetic.xor(cpu.flags(), r.get64(to), b, bits) & mask);
    }
  }

  /** CMP. */
  static final class Cmp extends WideRegisterMemory {
    Cmp(RegisterField d, MemoryOperand s, int end) {
      super(d, s, end);
    }

    /** Sets the flags. */
    void compare(Vcpu cpu) {
      Arithmetic.cmp(cpu.flags(), cpu.general().get64(to), source(cpu), bits);
    }

    @Override
    public void execute(Vcpu cpu) {
      compare(cpu);
    }
  }
}
