package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.x86.Register;

/**
 * The low 8, 16, 32 or 64 bits of a general register, with the rule for the bits above: 32-bit
 * results clear them, 8- and 16-bit results leave them.
 */
final class RegisterField {
  final int number;
  final int bits;
  private final long mask;
  private final long keep;

  RegisterField(Register register) {
    this.number = register.number();
    this.bits = register.bits();
    this.mask = -1L >>> (64 - bits);
    this.keep = bits >= 32 ? 0 : ~mask;
  }

  /** Whether it has 32 or 64 bits, so that writing it writes the whole register. */
  boolean isWide() {
    return bits >= 32;
  }

  /** The whole register: the field with anything above it. */
  long raw(GeneralRegisters r) {
    return r.get64(number);
  }

  /** The field, zero-extended. */
  long get(GeneralRegisters r) {
    return r.get64(number) & mask;
  }

  /** The field, sign-extended. */
  long signed(GeneralRegisters r) {
    int shift = 64 - bits;
    return (r.get64(number) << shift) >> shift;
  }

  /** Writes the field; bits of the value above it are ignored. */
  void set(GeneralRegisters r, long value) {
    r.set64(number, keep == 0 ? value & mask : (r.get64(number) & keep) | (value & mask));
  }
}
