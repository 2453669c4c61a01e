package dev.hindsight.cpu.interpreter;

import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Vcpu;

/** Bytes that are no instruction: they fault. */
final class UndefinedOperation extends Operation {
  private final GuestFault fault;

  UndefinedOperation(GuestFault fault, int end) {
    super(end, false);
    this.fault = fault;
  }

  @Override
  public void execute(Vcpu cpu) {
    throw fault;
  }
}
