package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.interpreter.Operation;

/** {@code SETcc r}. */
final class SetRegister extends Operation {
  private final int condition;
  private final RegisterField destination;

  SetRegister(int condition, RegisterField destination, int end) {
    super(end, false);
    this.condition = condition;
    this.destination = destination;
  }

  @Override
  public void execute(Vcpu cpu) {
    destination.set(cpu.general(), cpu.flags().condition(condition) ? 1 : 0);
  }
}
