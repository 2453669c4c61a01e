package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.interpreter.Operation;
import dev.hindsight.x86.MemoryOperand;

/** {@code MOV r, [m]} with 32 or 64 bits, and MOVZX of bytes and words to these. */
abstract class WideLoad extends FlatMemoryOperation {
  /** Number of the destination register. */
  protected final int to;

  private WideLoad(RegisterField destination, MemoryOperand source, int end) {
    super(source, end);
    this.to = destination.number;
  }

  /** The load of a datum, zero-extended to a register of 32 or 64 bits. */
  static Operation of(RegisterField d, MemoryOperand m, int end) {
    return switch (m.bits()) {
      case 8 -> new Of8(d, m, end);
      case 16 -> new Of16(d, m, end);
      case 32 -> new Of32(d, m, end);
      default -> new Of64(d, m, end);
    };
  }

  private static final class Of8 extends WideLoad {
    Of8(RegisterField d, MemoryOperand m, int end) {
      super(d, m, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      cpu.general().set64(to, cpu.memory().read8(linear(cpu)));
    }
  }

  private static final class Of16 extends WideLoad {
    Of16(RegisterField d, MemoryOperand m, int end) {
      super(d, m, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      cpu.general().set64(to, cpu.memory().read16(linear(cpu)));
    }
  }

  private static final class Of32 extends WideLoad {
    Of32(RegisterField d, MemoryOperand m, int end) {
      super(d, m, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      cpu.general().set64(to, cpu.memory().read32(linear(cpu)) & 0xFFFF_FFFFL);
    }
  }

  private static final class Of64 extends WideLoad {
    Of64(RegisterField d, MemoryOperand m, int end) {
      super(d, m, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      cpu.general().set64(to, cpu.memory().read64(linear(cpu)));
    }
  }
}
