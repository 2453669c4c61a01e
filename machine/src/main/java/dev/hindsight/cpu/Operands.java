package dev.hindsight.cpu;

import dev.hindsight.x86.Instruction;

/**
 * Reads and writes the explicit general-register, memory and immediate operands of instructions.
 */
public final class Operands {
  private Operands() {}

  /** Value of operand {@code n}, zero-extended from its size (8 to 64 bits). */
  public static long read(Vcpu cpu, Instruction in, int n) {
    return 0;
  }

  /** Value of operand {@code n}, sign-extended from its size. */
  public static long readSigned(Vcpu cpu, Instruction in, int n) {
    return 0;
  }

  /**
   * Like {@link #read} for an operand that {@link #write} follows: memory faults as for a write.
   */
  public static long readForWrite(Vcpu cpu, Instruction in, int n) {
    return 0;
  }

  /** Writes operand {@code n}. */
  public static void write(Vcpu cpu, Instruction in, int n, long value) {}
}
