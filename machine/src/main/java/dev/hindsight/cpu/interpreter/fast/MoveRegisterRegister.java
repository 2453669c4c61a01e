package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.interpreter.Operation;

/** {@code MOV r, r}. */
final class MoveRegisterRegister extends Operation {
  private final RegisterField destination;
  private final RegisterField source;

  MoveRegisterRegister(RegisterField destination, RegisterField source, int end) {
    super(end, false);
    this.destination = destination;
    this.source = source;
  }

  @Override
  public void execute(Vcpu cpu) {
    GeneralRegisters r = cpu.general();
    destination.set(r, source.raw(r));
  }
}
