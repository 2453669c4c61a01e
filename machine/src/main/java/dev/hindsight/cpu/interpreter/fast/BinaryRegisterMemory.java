package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.MemoryOperand;

/** {@code ADD r, [m]} and its kind. */
final class BinaryRegisterMemory extends FlatMemoryOperation {
  private final int number;
  private final RegisterField destination;

  BinaryRegisterMemory(int number, RegisterField destination, MemoryOperand source, int end) {
    super(source, end);
    this.number = number;
    this.destination = destination;
  }

  @Override
  public void execute(Vcpu cpu) {
    GeneralRegisters r = cpu.general();
    long b = cpu.memory().read(linear(cpu), bytes);
    long result = Binary.apply(number, cpu.flags(), destination.raw(r), b, destination.bits);
    if (number < Binary.CMP) {
      destination.set(r, result);
    }
  }
}
