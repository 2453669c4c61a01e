package dev.hindsight.cpu;

import dev.hindsight.x86.FarPointerOperand;
import dev.hindsight.x86.ImmediateOperand;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Operand;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.RegisterKind;
import dev.hindsight.x86.RelativeOperand;

/**
 * Reads and writes the explicit general-register, memory and immediate operands of instructions.
 */
public final class Operands {
  private Operands() {}

  /** Value of operand {@code n}, zero-extended from its size (8 to 64 bits). */
  public static long read(Vcpu cpu, Instruction in, int n) {
    return switch (in.operand(n)) {
      case Register r -> readRegister(cpu, r);
      case ImmediateOperand i -> i.value() & mask(i.bits());
      case MemoryOperand m -> {
        int bytes = m.bits() >>> 3;
        yield cpu.memory().read(cpu.segmented().readable(m, bytes), bytes);
      }
      case RelativeOperand o -> throw unsuitable(in, o);
      case FarPointerOperand o -> throw unsuitable(in, o);
    };
  }

  /** Value of operand {@code n}, sign-extended from its size. */
  public static long readSigned(Vcpu cpu, Instruction in, int n) {
    int shift = 64 - in.bits(n);
    return (read(cpu, in, n) << shift) >> shift;
  }

  /**
   * Like {@link #read} for an operand that {@link #write} follows: memory faults as for a write.
   */
  public static long readForWrite(Vcpu cpu, Instruction in, int n) {
    if (in.operand(n) instanceof MemoryOperand m) {
      int bytes = m.bits() >>> 3;
      long linear = cpu.segmented().writable(m, bytes);
      cpu.memory().probeWrite(linear, bytes);
      return cpu.memory().read(linear, bytes);
    }
    return read(cpu, in, n);
  }

  /** Writes operand {@code n}: a general register or memory. */
  public static void write(Vcpu cpu, Instruction in, int n, long value) {
    switch (in.operand(n)) {
      case Register r -> writeRegister(cpu, r, value);
      case MemoryOperand m -> {
        int bytes = m.bits() >>> 3;
        cpu.memory().write(cpu.segmented().writable(m, bytes), bytes, value);
      }
      case ImmediateOperand o -> throw unsuitable(in, o);
      case RelativeOperand o -> throw unsuitable(in, o);
      case FarPointerOperand o -> throw unsuitable(in, o);
    }
  }

  /** Value of a general register or the selector of a segment register, zero-extended. */
  public static long readRegister(Vcpu cpu, Register r) {
    return switch (r.kind()) {
      case GENERAL -> cpu.general().get(r.number(), r.bits());
      case HIGH_BYTE -> cpu.general().getHigh8(r.number());
      case SEGMENT -> cpu.segment(r.number()).selector();
      default -> throw new IllegalArgumentException(r + " is no general register");
    };
  }

  /** Writes a general register by the rules of its size. */
  public static void writeRegister(Vcpu cpu, Register r, long value) {
    if (r.kind() == RegisterKind.GENERAL) {
      cpu.general().set(r.number(), r.bits(), value);
    } else if (r.kind() == RegisterKind.HIGH_BYTE) {
      cpu.general().setHigh8(r.number(), (int) value);
    } else {
      throw new IllegalArgumentException(r + " is no general register");
    }
  }

  /** A mask of the low {@code bits}, 1 to 64. */
  public static long mask(int bits) {
    return -1L >>> (64 - bits);
  }

  private static IllegalArgumentException unsuitable(Instruction in, Operand o) {
    return new IllegalArgumentException(in.mnemonic() + " has an operand of another kind: " + o);
  }
}
