package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.MemoryOperand;

/** {@code MOV [m], imm}. */
final class StoreImmediate extends FlatMemoryOperation {
  private final long immediate;

  StoreImmediate(MemoryOperand destination, long immediate, int end) {
    super(destination, end);
    this.immediate = immediate;
  }

  @Override
  public void execute(Vcpu cpu) {
    cpu.memory().write(linear(cpu), bytes, immediate);
  }
}
