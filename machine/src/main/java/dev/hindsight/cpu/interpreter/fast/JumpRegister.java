package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.interpreter.Operation;
import dev.hindsight.cpu.protection.NearBranch;

/** {@code JMP r}. */
final class JumpRegister extends Operation {
  private final RegisterField target;

  JumpRegister(RegisterField target, int end) {
    super(end, true);
    this.target = target;
  }

  @Override
  public void execute(Vcpu cpu) {
    cpu.rip(NearBranch.check(cpu, target.get(cpu.general()), target.bits));
  }
}
