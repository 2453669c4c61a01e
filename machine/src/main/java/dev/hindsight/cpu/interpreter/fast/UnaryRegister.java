package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.interpreter.Operation;

/** {@code INC r} and its kind. */
final class UnaryRegister extends Operation {
  private final int number;
  private final RegisterField field;

  UnaryRegister(int number, RegisterField field, int end) {
    super(end, false);
    this.number = number;
    this.field = field;
  }

  @Override
  public void execute(Vcpu cpu) {
    GeneralRegisters r = cpu.general();
    field.set(r, Unary.apply(number, cpu.flags(), field.raw(r), field.bits));
  }
}
