package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.MemoryOperand;

/** LEA. */
final class LoadEffectiveAddress extends FlatMemoryOperation {
  private final RegisterField destination;

  LoadEffectiveAddress(RegisterField destination, MemoryOperand address, int end) {
    super(address, end);
    this.destination = destination;
  }

  @Override
  public void execute(Vcpu cpu) {
    destination.set(cpu.general(), offset(cpu));
  }
}
