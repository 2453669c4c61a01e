package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.protection.NearBranch;

/** {@code RET} and {@code RET imm16}. */
final class Return extends FlatStackOperation {
  private final int release;

  Return(int release, int bits, int end) {
    super(bits, end, true);
    this.release = release;
  }

  @Override
  public void execute(Vcpu cpu) {
    long to = NearBranch.check(cpu, top(cpu), bits);
    drop(cpu, release);
    cpu.rip(to);
  }
}
