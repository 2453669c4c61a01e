package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.MemoryOperand;

/** MOV, MOVZX, MOVSX and MOVSXD from memory. */
final class Load extends FlatMemoryOperation {
  private final RegisterField destination;
  private final int signShift;

  /**
   * A load.
   *
   * @param signed whether the datum is sign-extended
   */
  Load(RegisterField destination, MemoryOperand source, boolean signed, int end) {
    super(source, end);
    this.destination = destination;
    this.signShift = signed ? 64 - source.bits() : 0;
  }

  @Override
  public void execute(Vcpu cpu) {
    long value = cpu.memory().read(linear(cpu), bytes);
    destination.set(cpu.general(), (value << signShift) >> signShift);
  }
}
