package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.interpreter.Operation;
import dev.hindsight.cpu.protection.NearBranch;

/** Jcc. */
final class ConditionalJump extends Operation {
  private final int condition;
  private final int combinations;
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
    this.combinations = Flags.combinations(condition);
    this.target = end + displacement;
    this.bits = bits;
  }

  @Override
  public void execute(Vcpu cpu) {
    long start = cpu.blockRip();
    if (Condition.holds(cpu.flags(), condition, combinations)) {
      cpu.rip(NearBranch.check(cpu, start + target, bits));
    } else {
      cpu.rip(wrap(start + end()));
    }
  }

  /** An instruction pointer further down the block. */
  long wrap(long ip) {
    return bits == 64 ? ip : ip & 0xFFFF_FFFFL;
  }
}
