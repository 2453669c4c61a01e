package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.interpreter.Operation;

/** {@code ADD r, r} and its kind. */
final class BinaryRegisterRegister extends Operation {
  private final int number;
  private final RegisterField destination;
  private final RegisterField source;

  BinaryRegisterRegister(int number, RegisterField destination, RegisterField source, int end) {
    super(end, false);
    this.number = number;
    this.destination = destination;
    this.source = source;
  }

  @Override
  public void execute(Vcpu cpu) {
    GeneralRegisters r = cpu.general();
    long result =
        Binary.apply(number, cpu.flags(), destination.raw(r), source.raw(r), destination.bits);
    if (number < Binary.CMP) {
      destination.set(r, result);
    }
  }
}
