package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.interpreter.Operation;

/** {@code MOV r, r} with 32 or 64 bits. */
final class WideMove extends Operation {
  private final int to;
  private final int from;
  private final long mask;

  WideMove(RegisterField destination, RegisterField source, int end) {
    super(end, false);
    this.to = destination.number;
    this.from = source.number;
    this.mask = -1L >>> (64 - destination.bits);
  }

  @Override
  public void execute(Vcpu cpu) {
    GeneralRegisters r = cpu.general();
    r.set64(to, r.get64(from) & mask);
  }
}
