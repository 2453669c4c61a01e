package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.interpreter.Operation;

/** {@code ADD r, imm} and its kind. */
final class BinaryRegisterImmediate extends Operation {
  private final int number;
  private final RegisterField destination;
  private final long immediate;

  BinaryRegisterImmediate(int number, RegisterField destination, long immediate, int end) {
    super(end, false);
    this.number = number;
    this.destination = destination;
    this.immediate = immediate;
  }

  /** Whether it is CMP or TEST. */
  boolean isComparison() {
    return number >= Binary.CMP;
  }

  /** Sets the flags of CMP or TEST. */
  void compare(Vcpu cpu) {
    Binary.flags(number, cpu.flags(), destination.raw(cpu.general()), immediate, destination.bits);
  }

  @Override
  public void execute(Vcpu cpu) {
    GeneralRegisters r = cpu.general();
    long result =
        Binary.apply(number, cpu.flags(), destination.raw(r), immediate, destination.bits);
    if (number < Binary.CMP) {
      destination.set(r, result);
    }
  }
}
