package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.MemoryOperand;

/** {@code INC [m]} and its kind. */
final class UnaryMemory extends FlatMemoryOperation {
  private final int number;

  UnaryMemory(int number, MemoryOperand m, int end) {
    super(m, end);
    this.number = number;
  }

  @Override
  public void execute(Vcpu cpu) {
    long at = linear(cpu);
    long a = cpu.memory().readForWrite(at, bytes);
    cpu.memory().write(at, bytes, Unary.apply(number, cpu.flags(), a, bytes << 3));
  }
}
