package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.protection.NearBranch;

/** {@code CALL rel}. */
final class Call extends FlatStackOperation {
  private final long target;

  Call(long displacement, int bits, int end) {
    super(bits, end, true);
    this.target = end + displacement;
  }

  @Override
  public void execute(Vcpu cpu) {
    long start = cpu.blockRip();
    long to = NearBranch.check(cpu, start + target, bits);
    push(cpu, start + end());
    cpu.rip(to);
  }
}
