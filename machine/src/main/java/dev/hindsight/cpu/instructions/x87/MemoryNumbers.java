package dev.hindsight.cpu.instructions.x87;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.floating.Binary32;
import dev.hindsight.cpu.floating.Binary64;
import dev.hindsight.cpu.floating.Binary80Conversions;
import dev.hindsight.cpu.floating.ExtendedEnvironment;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;

/** Reads and writes the memory operands of x87 instructions. */
final class MemoryNumbers {
  private static final int EXTENDED_BYTES = 10;

  private MemoryNumbers() {}

  /** The bits of a memory operand of 16, 32 or 64 bits, zero-extended. */
  static long read(Vcpu cpu, Instruction in) {
    MemoryOperand m = (MemoryOperand) in.operand(0);
    long linear = cpu.segmented().readable(m, m.bits() / 8);
    return switch (m.bits()) {
      case 16 -> cpu.memory().read16(linear);
      case 32 -> cpu.memory().read32(linear) & 0xFFFF_FFFFL;
      default -> cpu.memory().read64(linear);
    };
  }

  /** The bits of an integer operand, sign-extended. */
  static long readInteger(Vcpu cpu, Instruction in) {
    int shift = 64 - in.bits(0);
    return read(cpu, in) << shift >> shift;
  }

  /** Faults as {@link #write} would. */
  static long writable(Vcpu cpu, Instruction in) {
    MemoryOperand m = (MemoryOperand) in.operand(0);
    long linear = cpu.segmented().writable(m, m.bits() / 8);
    cpu.memory().probeWrite(linear, m.bits() / 8);
    return linear;
  }

  /** Writes a memory operand of 16, 32 or 64 bits. */
  static void write(Vcpu cpu, Instruction in, long value) {
    MemoryOperand m = (MemoryOperand) in.operand(0);
    long linear = cpu.segmented().writable(m, m.bits() / 8);
    switch (m.bits()) {
      case 16 -> cpu.memory().write16(linear, (int) value);
      case 32 -> cpu.memory().write32(linear, (int) value);
      default -> cpu.memory().write64(linear, value);
    }
  }

  /** Reads a memory operand of 80 bits: the result's significand, then its upper 16 bits. */
  static void readExtended(Vcpu cpu, Instruction in, ExtendedEnvironment e) {
    long linear = cpu.segmented().readable((MemoryOperand) in.operand(0), EXTENDED_BYTES);
    long low = cpu.memory().read64(linear);
    e.bits(cpu.memory().read16(linear + 8), low);
  }

  /** Writes a memory operand of 80 bits. */
  static void writeExtended(Vcpu cpu, Instruction in, int high, long low) {
    long linear = cpu.segmented().writable((MemoryOperand) in.operand(0), EXTENDED_BYTES);
    cpu.memory().probeWrite(linear, EXTENDED_BYTES);
    cpu.memory().write64(linear, low);
    cpu.memory().write16(linear + 8, high);
  }

  /** Widens the bits of a floating-point operand of 32 or 64 bits into the environment. */
  static void widen(long bits, Instruction in, ExtendedEnvironment e) {
    if (in.bits(0) == 32) {
      Binary80Conversions.widen((int) bits, e);
    } else {
      Binary80Conversions.widen(bits, e);
    }
  }

  /** Whether the bits of a floating-point operand of 32 or 64 bits are a denormal number. */
  static boolean isDenormal(long bits, Instruction in) {
    return in.bits(0) == 32 ? Binary32.isDenormal((int) bits) : Binary64.isDenormal(bits);
  }
}
