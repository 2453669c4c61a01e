package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.MemoryOperand;

/** {@code ADD [m], imm} and its kind. */
final class BinaryMemoryImmediate extends FlatMemoryOperation {
  private final int number;
  private final long immediate;

  BinaryMemoryImmediate(int number, MemoryOperand destination, long immediate, int end) {
    super(destination, end);
    this.number = number;
    this.immediate = immediate;
  }

  /** Whether it is CMP or TEST. */
  boolean isComparison() {
    return number >= Binary.CMP;
  }

  /** Sets the flags of CMP or TEST. */
  void compare(Vcpu cpu) {
    long a = cpu.memory().read(linear(cpu), bytes);
    Binary.flags(number, cpu.flags(), a, immediate, bytes << 3);
  }

  @Override
  public void execute(Vcpu cpu) {
    if (isComparison()) {
      compare(cpu);
      return;
    }
    long at = linear(cpu);
    long a = cpu.memory().readForWrite(at, bytes);
    cpu.memory().write(at, bytes, Binary.apply(number, cpu.flags(), a, immediate, bytes << 3));
  }
}
