package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.instructions.general.Multiplication;
import dev.hindsight.x86.MemoryOperand;

/** IMUL of a register and memory, or of memory and an immediate. */
final class MultiplyMemory extends FlatMemoryOperation {
  private final RegisterField destination;
  private final boolean byImmediate;
  private final long immediate;

  /** {@code IMUL destination, [m]}. */
  MultiplyMemory(RegisterField destination, MemoryOperand source, int end) {
    super(source, end);
    this.destination = destination;
    this.byImmediate = false;
    this.immediate = 0;
  }

  /** {@code IMUL destination, [m], immediate}. */
  MultiplyMemory(RegisterField destination, MemoryOperand source, long immediate, int end) {
    super(source, end);
    this.destination = destination;
    this.byImmediate = true;
    this.immediate = immediate;
  }

  @Override
  public void execute(Vcpu cpu) {
    GeneralRegisters r = cpu.general();
    int shift = 64 - destination.bits;
    long a = (cpu.memory().read(linear(cpu), bytes) << shift) >> shift;
    long by = byImmediate ? immediate : destination.signed(r);
    destination.set(r, Multiplication.imul(cpu.flags(), a, by, destination.bits));
  }
}
