package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.interpreter.Operation;
import org.jspecify.annotations.Nullable;

/**
 * CMP or TEST and the conditional jump after it, which are the last two instructions of a block:
 * two steps in one operation.
 */
abstract class CompareAndJump extends Operation {
  private final ConditionalJump jump;
  private final int index;

  private CompareAndJump(ConditionalJump jump, int index) {
    super(jump.end(), true);
    this.jump = jump;
    this.index = index;
  }

  /**
   * Both operations as one, if there is such a one.
   *
   * @param index of the second one in its block
   */
  static @Nullable Operation of(Operation compare, Operation jump, int index) {
    if (!(jump instanceof ConditionalJump j)) {
      return null;
    }
    return switch (compare) {
      case WideRegisterRegister.Cmp c -> new Registers(c, j, index);
      case WideRegisterRegister.Test c -> new TestRegisters(c, j, index);
      case WideRegisterImmediate.Cmp c -> new Immediate(c, j, index);
      case WideRegisterImmediate.Test c -> new TestImmediate(c, j, index);
      case BinaryRegisterImmediate c when c.isComparison() -> new NarrowImmediate(c, j, index);
      case BinaryMemoryImmediate c when c.isComparison() -> new MemoryImmediate(c, j, index);
      case WideRegisterMemory.Cmp c -> new RegisterMemory(c, j, index);
      default -> null;
    };
  }

  /** The second step. */
  final void jump(Vcpu cpu) {
    cpu.blockIndex(index);
    jump.execute(cpu);
  }

  /** The second step, unless the first one's access to memory has ended the block. */
  final void jumpAfterAccess(Vcpu cpu, int endOfFirst) {
    if (index < cpu.blockLimit()) {
      jump(cpu);
    } else {
      cpu.rip(jump.wrap(cpu.blockRip() + endOfFirst));
    }
  }

  private static final class Registers extends CompareAndJump {
    private final WideRegisterRegister.Cmp compare;

    Registers(WideRegisterRegister.Cmp compare, ConditionalJump jump, int index) {
      super(jump, index);
      this.compare = compare;
    }

    @Override
    public void execute(Vcpu cpu) {
      compare.compare(cpu);
      jump(cpu);
    }
  }

  private static final class TestRegisters extends CompareAndJump {
    private final WideRegisterRegister.Test compare;

    TestRegisters(WideRegisterRegister.Test compare, ConditionalJump jump, int index) {
      super(jump, index);
      this.compare = compare;
    }

    @Override
    public void execute(Vcpu cpu) {
      compare.compare(cpu);
      jump(cpu);
    }
  }

  private static final class Immediate extends CompareAndJump {
    private final WideRegisterImmediate.Cmp compare;

    Immediate(WideRegisterImmediate.Cmp compare, ConditionalJump jump, int index) {
      super(jump, index);
      this.compare = compare;
    }

    @Override
    public void execute(Vcpu cpu) {
      compare.compare(cpu);
      jump(cpu);
    }
  }

  private static final class TestImmediate extends CompareAndJump {
    private final WideRegisterImmediate.Test compare;

    TestImmediate(WideRegisterImmediate.Test compare, ConditionalJump jump, int index) {
      super(jump, index);
      this.compare = compare;
    }

    @Override
    public void execute(Vcpu cpu) {
      compare.compare(cpu);
      jump(cpu);
    }
  }

  private static final class NarrowImmediate extends CompareAndJump {
    private final BinaryRegisterImmediate compare;

    NarrowImmediate(BinaryRegisterImmediate compare, ConditionalJump jump, int index) {
      super(jump, index);
      this.compare = compare;
    }

    @Override
    public void execute(Vcpu cpu) {
      compare.compare(cpu);
      jump(cpu);
    }
  }

  private static final class MemoryImmediate extends CompareAndJump {
    private final BinaryMemoryImmediate compare;

    MemoryImmediate(BinaryMemoryImmediate compare, ConditionalJump jump, int index) {
      super(jump, index);
      this.compare = compare;
    }

    @Override
    public void execute(Vcpu cpu) {
      compare.compare(cpu);
      jumpAfterAccess(cpu, compare.end());
    }
  }

  private static final class RegisterMemory extends CompareAndJump {
    private final WideRegisterMemory.Cmp compare;

    RegisterMemory(WideRegisterMemory.Cmp compare, ConditionalJump jump, int index) {
      super(jump, index);
      this.compare = compare;
    }

    @Override
    public void execute(Vcpu cpu) {
      compare.compare(cpu);
      jumpAfterAccess(cpu, compare.end());
    }
  }
}
