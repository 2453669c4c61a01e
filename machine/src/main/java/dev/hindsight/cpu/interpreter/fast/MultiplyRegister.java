package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.instructions.general.Multiplication;
import dev.hindsight.cpu.interpreter.Operation;

/** IMUL with two register operands, or with a register and an immediate. */
final class MultiplyRegister extends Operation {
  private final RegisterField destination;
  private final RegisterField source;
  private final boolean byImmediate;
  private final long immediate;

  /** {@code IMUL destination, source}. */
  MultiplyRegister(RegisterField destination, RegisterField source, int end) {
    super(end, false);
    this.destination = destination;
    this.source = source;
    this.byImmediate = false;
    this.immediate = 0;
  }

  /** {@code IMUL destination, source, immediate}. */
  MultiplyRegister(RegisterField destination, RegisterField source, long immediate, int end) {
    super(end, false);
    this.destination = destination;
    this.source = source;
    this.byImmediate = true;
    this.immediate = immediate;
  }

  @Override
  public void execute(Vcpu cpu) {
    GeneralRegisters r = cpu.general();
    long by = byImmediate ? immediate : destination.signed(r);
    destination.set(r, Multiplication.imul(cpu.flags(), source.signed(r), by, destination.bits));
  }
}
