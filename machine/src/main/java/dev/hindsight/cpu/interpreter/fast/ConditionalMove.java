package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.interpreter.Operation;

/** {@code CMOVcc r, r}. A 32-bit destination is zero-extended even if nothing moves. */
final class ConditionalMove extends Operation {
  private final int condition;
  private final int combinations;
  private final RegisterField destination;
  private final RegisterField source;

  ConditionalMove(int condition, RegisterField destination, RegisterField source, int end) {
    super(end, false);
    this.condition = condition;
    this.combinations = Flags.combinations(condition);
    this.destination = destination;
    this.source = source;
  }

  @Override
  public void execute(Vcpu cpu) {
    GeneralRegisters r = cpu.general();
    destination.set(
        r, (Condition.holds(cpu.flags(), condition, combinations) ? source : destination).raw(r));
  }
}
