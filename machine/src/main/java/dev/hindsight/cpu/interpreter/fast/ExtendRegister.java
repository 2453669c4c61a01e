package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.interpreter.Operation;

/** MOVZX, MOVSX and MOVSXD from a register; also CBW, CWDE and CDQE. */
final class ExtendRegister extends Operation {
  private final RegisterField destination;
  private final RegisterField source;
  private final boolean signed;
  private final int shift;

  ExtendRegister(RegisterField destination, RegisterField source, boolean signed, int end) {
    super(end, false);
    this.destination = destination;
    this.source = source;
    this.signed = signed;
    this.shift = 64 - source.bits;
  }

  @Override
  public void execute(Vcpu cpu) {
    GeneralRegisters r = cpu.general();
    long up = source.raw(r) << shift;
    destination.set(r, signed ? up >> shift : up >>> shift);
  }
}
