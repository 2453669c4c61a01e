package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.interpreter.Operation;

/** NOP, with operands or without: they are never accessed. */
final class NoOperation extends Operation {
  NoOperation(int end) {
    super(end, false);
  }

  @Override
  public void execute(Vcpu cpu) {}
}
