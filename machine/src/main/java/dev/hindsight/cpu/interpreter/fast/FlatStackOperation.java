package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.interpreter.Operation;

/** An operation on a stack whose segment has no limit that could be hit. */
abstract class FlatStackOperation extends Operation {
  /** Size of what is pushed or popped, and of the stack pointer: 32 or 64 bits. */
  protected final int bits;

  private final int bytes;
  private final long mask;

  FlatStackOperation(int bits, int end, boolean setsRip) {
    super(end, setsRip);
    this.bits = bits;
    this.bytes = bits >>> 3;
    this.mask = -1L >>> (64 - bits);
  }

  /** Pushes a value. */
  protected final void push(Vcpu cpu, long value) {
    GeneralRegisters r = cpu.general();
    long top = (r.get64(GeneralRegisters.RSP) - bytes) & mask;
    if (bytes == 8) {
      cpu.memory().write64(top, value);
    } else {
      cpu.memory().write32(top, (int) value);
    }
    r.set64(GeneralRegisters.RSP, top);
  }

  /** The value on top of the stack. */
  protected final long top(Vcpu cpu) {
    long at = cpu.general().get64(GeneralRegisters.RSP) & mask;
    return bytes == 8 ? cpu.memory().read64(at) : cpu.memory().read32(at) & 0xFFFF_FFFFL;
  }

  /** Moves the stack pointer past the top and {@code more} bytes. */
  protected final void drop(Vcpu cpu, int more) {
    GeneralRegisters r = cpu.general();
    r.set64(GeneralRegisters.RSP, (r.get64(GeneralRegisters.RSP) + bytes + more) & mask);
  }

  @Override
  public final boolean usesStackSegment() {
    return true;
  }
}
