package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.interpreter.Operation;
import dev.hindsight.cpu.protection.NearBranch;

/** Jcc. */
final class ConditionalJump extends Operation {
  private final int condition;
  private final long target;
  private final int bits;

  /**
   * A jump.
   *
   * @param displacement of the target, from the next instruction
   */
  ConditionalJump(int condition, long displacement, int bits, int end) {
    super(end, true);
    this.condition = condition;
    this.target = end + displacement;
    this.bits = bits;
  }

  @Override
  public void execute(Vcpu cpu) {
    long start = cpu.blockRip();
    if (cpu.flags().condition(condition)) {
      cpu.rip(NearBranch.check(cpu, start + target, bits));
    } else {
      cpu.rip(bits == 64 ? start + end() : (start + end()) & 0xFFFF_FFFFL);
    }
  }
}
