package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.interpreter.Operation;
import dev.hindsight.cpu.protection.NearBranch;

/** {@code JMP rel}. */
final class Jump extends Operation {
  private final long target;
  private final int bits;

  Jump(long displacement, int bits, int end) {
    super(end, true);
    this.target = end + displacement;
    this.bits = bits;
  }

  @Override
  public void execute(Vcpu cpu) {
    cpu.rip(NearBranch.check(cpu, cpu.blockRip() + target, bits));
  }
}
