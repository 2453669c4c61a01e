package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.interpreter.Operation;

/** {@code SETcc r}. */
final class SetRegister extends Operation {
  private final int condition;
  private final int combinations;
  private final RegisterField destination;

  SetRegister(int condition, RegisterField destination, int end) {
    super(end, false);
    this.condition = condition;
    this.combinations = Flags.combinations(condition);
    this.destination = destination;
  }

  @Override
  public void execute(Vcpu cpu) {
    destination.set(cpu.general(), Condition.holds(cpu.flags(), condition, combinations) ? 1 : 0);
  }
}
