package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Vcpu;

/** {@code PUSH imm}. */
final class PushImmediate extends FlatStackOperation {
  private final long immediate;

  PushImmediate(long immediate, int bits, int end) {
    super(bits, end, false);
    this.immediate = immediate;
  }

  @Override
  public void execute(Vcpu cpu) {
    push(cpu, immediate);
  }
}
