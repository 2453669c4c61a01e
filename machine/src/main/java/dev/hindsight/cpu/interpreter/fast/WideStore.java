package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.interpreter.Operation;
import dev.hindsight.x86.MemoryOperand;

/** {@code MOV [m], r} with 32 or 64 bits. */
abstract class WideStore extends FlatMemoryOperation {
  /** Number of the source register. */
  protected final int from;

  private WideStore(MemoryOperand destination, RegisterField source, int end) {
    super(destination, end);
    this.from = source.number;
  }

  /** The store of a register of 32 or 64 bits. */
  static Operation of(MemoryOperand m, RegisterField s, int end) {
    return s.bits == 64 ? new Of64(m, s, end) : new Of32(m, s, end);
  }

  private static final class Of32 extends WideStore {
    Of32(MemoryOperand m, RegisterField s, int end) {
      super(m, s, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      cpu.memory().write32(linear(cpu), (int) cpu.general().get64(from));
    }
  }

  private static final class Of64 extends WideStore {
    Of64(MemoryOperand m, RegisterField s, int end) {
      super(m, s, end);
    }

    @Override
    public void execute(Vcpu cpu) {
      cpu.memory().write64(linear(cpu), cpu.general().get64(from));
    }
  }
}
