package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.MemoryOperand;

/** {@code ADD [m], r} and its kind. */
final class BinaryMemoryRegister extends FlatMemoryOperation {
  private final int number;
  private final RegisterField source;

  BinaryMemoryRegister(int number, MemoryOperand destination, RegisterField source, int end) {
    super(destination, end);
    this.number = number;
    this.source = source;
  }

  @Override
  public void execute(Vcpu cpu) {
    long at = linear(cpu);
    long b = source.raw(cpu.general());
    if (number < Binary.CMP) {
      long a = cpu.memory().readForWrite(at, bytes);
      cpu.memory().write(at, bytes, Binary.apply(number, cpu.flags(), a, b, source.bits));
    } else {
      Binary.flags(number, cpu.flags(), cpu.memory().read(at, bytes), b, source.bits);
    }
  }
}
