package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.protection.NearBranch;
import dev.hindsight.x86.MemoryOperand;

/** {@code JMP [m]}. */
final class JumpMemory extends FlatMemoryOperation {
  JumpMemory(MemoryOperand target, int end) {
    super(target, end, true);
  }

  @Override
  public void execute(Vcpu cpu) {
    cpu.rip(NearBranch.check(cpu, cpu.memory().read(linear(cpu), bytes), bytes << 3));
  }
}
