package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.MemoryOperand;

/** {@code ADD [m], imm} and its kind. */
final class BinaryMemoryImmediate extends FlatMemoryOperation {
  private final int number;
  private final long immediate;

  BinaryMemoryImmediate(int number, MemoryOperand destination, long immediate, int end) {
    super(destination, end);
    this.number = number;
    this.immediate = immediate;
  }

  @Override
  public void execute(Vcpu cpu) {
    long at = linear(cpu);
    int bits = bytes << 3;
    if (number < Binary.CMP) {
      long a = cpu.memory().readForWrite(at, bytes);
      cpu.memory().write(at, bytes, Binary.apply(number, cpu.flags(), a, immediate, bits));
    } else {
      Binary.flags(number, cpu.flags(), cpu.memory().read(at, bytes), immediate, bits);
    }
  }
}
