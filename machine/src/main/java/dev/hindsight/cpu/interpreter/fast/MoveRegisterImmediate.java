package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.interpreter.Operation;

/** {@code MOV r, imm}. */
final class MoveRegisterImmediate extends Operation {
  private final RegisterField destination;
  private final long immediate;

  MoveRegisterImmediate(RegisterField destination, long immediate, int end) {
    super(end, false);
    this.destination = destination;
    this.immediate = immediate;
  }

  @Override
  public void execute(Vcpu cpu) {
    destination.set(cpu.general(), immediate);
  }
}
