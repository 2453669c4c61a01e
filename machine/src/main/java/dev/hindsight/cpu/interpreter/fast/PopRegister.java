package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Vcpu;

/** {@code POP r}. */
final class PopRegister extends FlatStackOperation {
  private final RegisterField destination;

  PopRegister(RegisterField destination, int end) {
    super(destination.bits, end, false);
    this.destination = destination;
  }

  @Override
  public void execute(Vcpu cpu) {
    long value = top(cpu);
    drop(cpu, 0);
    destination.set(cpu.general(), value);
  }
}
