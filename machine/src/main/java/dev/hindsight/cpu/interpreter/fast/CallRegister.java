package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.protection.NearBranch;

/** {@code CALL r}. */
final class CallRegister extends FlatStackOperation {
  private final RegisterField target;

  CallRegister(RegisterField target, int end) {
    super(target.bits, end, true);
    this.target = target;
  }

  @Override
  public void execute(Vcpu cpu) {
    long to = NearBranch.check(cpu, target.get(cpu.general()), bits);
    push(cpu, cpu.blockRip() + end());
    cpu.rip(to);
  }
}
