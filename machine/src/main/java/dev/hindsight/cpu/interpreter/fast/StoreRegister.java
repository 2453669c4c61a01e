package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.MemoryOperand;

/** {@code MOV [m], r}. */
final class StoreRegister extends FlatMemoryOperation {
  private final int source;

  StoreRegister(MemoryOperand destination, RegisterField source, int end) {
    super(destination, end);
    this.source = source.number;
  }

  @Override
  public void execute(Vcpu cpu) {
    cpu.memory().write(linear(cpu), bytes, cpu.general().get64(source));
  }
}
