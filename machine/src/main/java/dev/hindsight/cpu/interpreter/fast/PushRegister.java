package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Vcpu;

/** {@code PUSH r}. */
final class PushRegister extends FlatStackOperation {
  private final int source;

  PushRegister(RegisterField source, int end) {
    super(source.bits, end, false);
    this.source = source.number;
  }

  @Override
  public void execute(Vcpu cpu) {
    push(cpu, cpu.general().get64(source));
  }
}
