package dev.hindsight.cpu.instructions.vector;

import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.LinearMemory;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.VectorRegisters;
import dev.hindsight.cpu.instructions.x87.MmxState;
import dev.hindsight.x86.ImmediateOperand;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Operand;
import dev.hindsight.x86.Prefixes;
import dev.hindsight.x86.Register;

/**
 * Operands of 8 to 256 bits as arrays of four quadwords, lowest first.
 *
 * <p>Registers are read whole. Memory is read as wide as the operand says, with zeros above. Writes
 * to an XMM register leave bits 255:128 in legacy instructions and clear them in VEX ones.
 */
public final class VectorOperands {
  /** What operands of 128 and 256 bits must be a multiple of while #AC is on. */
  private static final int ALIGNMENT_CHECK = 16;

  private VectorOperands() {}

  /**
   * Index of the first source: legacy instructions overwrite it, those with VEX have it after the
   * destination.
   */
  public static int firstSource(Instruction in) {
    return in.has(Prefixes.VEX) ? 1 : 0;
  }

  /** Number of quadwords of the destination, operand 0: 1, 2 or 4. */
  public static int quadwords(Instruction in) {
    return in.operand(0).bits() >>> 6;
  }

  /** The immediate byte, the last operand: 0 to 255. */
  public static int immediate(Instruction in) {
    return (int) ((ImmediateOperand) in.operands().getLast()).value() & 0xFF;
  }

  /**
   * Reads operand {@code n} with the alignment rule of most instructions: memory of 128 bits must
   * be aligned in legacy encodings.
   */
  public static void read(Vcpu cpu, Instruction in, int n, long[] into) {
    Operand operand = in.operand(n);
    if (operand instanceof Register r) {
      readRegister(cpu, r, into);
    } else {
      MemoryOperand m = (MemoryOperand) operand;
      readMemory(cpu, m, m.bits() == 128 && !in.has(Prefixes.VEX), into);
    }
  }

  /** Reads operand {@code n}; memory may be unaligned. */
  public static void readUnaligned(Vcpu cpu, Instruction in, int n, long[] into) {
    Operand operand = in.operand(n);
    if (operand instanceof Register r) {
      readRegister(cpu, r, into);
    } else {
      readMemory(cpu, (MemoryOperand) operand, false, into);
    }
  }

  /** Reads operand {@code n}; memory must be aligned at its size in all encodings. */
  public static void readAligned(Vcpu cpu, Instruction in, int n, long[] into) {
    Operand operand = in.operand(n);
    if (operand instanceof Register r) {
      readRegister(cpu, r, into);
    } else {
      readMemory(cpu, (MemoryOperand) operand, true, into);
    }
  }

  /** The low quadword of operand {@code n}, zero-extended from the operand's size if smaller. */
  public static long readLow(Vcpu cpu, Instruction in, int n) {
    Operand operand = in.operand(n);
    if (operand instanceof Register r) {
      int number = r.number();
      return switch (r.kind()) {
        case MMX -> cpu.x87().significand(number);
        case XMM, YMM -> cpu.vectors().get(number, 0);
        default -> cpu.general().get(number, r.bits());
      };
    }
    MemoryOperand m = (MemoryOperand) operand;
    int bytes = m.bits() >>> 3;
    return cpu.memory().read(cpu.segmented().readable(m, bytes), bytes);
  }

  private static void readRegister(Vcpu cpu, Register r, long[] into) {
    int number = r.number();
    switch (r.kind()) {
      case MMX -> into[0] = cpu.x87().significand(number);
      case XMM, YMM -> {
        VectorRegisters vectors = cpu.vectors();
        into[0] = vectors.get(number, 0);
        into[1] = vectors.get(number, 1);
        into[2] = vectors.get(number, 2);
        into[3] = vectors.get(number, 3);
      }
      default -> into[0] = cpu.general().get(number, r.bits());
    }
  }

  private static void readMemory(Vcpu cpu, MemoryOperand m, boolean aligned, long[] into) {
    int bits = m.bits();
    long linear = cpu.segmented().readable(m, bits >>> 3);
    if (aligned) {
      checkAligned(linear, bits);
    }
    if (bits <= 64) {
      into[0] = cpu.memory().read(linear, bits >>> 3);
      into[1] = 0;
      into[2] = 0;
      into[3] = 0;
      return;
    }
    LinearMemory memory = cpu.memory();
    memory.checkAlignment(linear, ALIGNMENT_CHECK);
    into[0] = memory.read64(linear);
    into[1] = memory.read64(memory.next(linear, 8));
    if (bits == 256) {
      into[2] = memory.read64(memory.next(linear, 16));
      into[3] = memory.read64(memory.next(linear, 24));
    } else {
      into[2] = 0;
      into[3] = 0;
    }
  }

  private static void checkAligned(long linear, int bits) {
    if ((linear & ((bits >>> 3) - 1)) != 0) {
      throw GuestFault.generalProtection(0);
    }
  }

  /** Writes operand {@code n}; memory may be unaligned. */
  public static void write(Vcpu cpu, Instruction in, int n, long[] from) {
    Operand operand = in.operand(n);
    if (operand instanceof Register r) {
      writeRegister(cpu, in, r, from);
    } else {
      writeMemory(cpu, (MemoryOperand) operand, false, from);
    }
  }

  /** Writes operand {@code n}; memory must be aligned at its size. */
  public static void writeAligned(Vcpu cpu, Instruction in, int n, long[] from) {
    Operand operand = in.operand(n);
    if (operand instanceof Register r) {
      writeRegister(cpu, in, r, from);
    } else {
      writeMemory(cpu, (MemoryOperand) operand, true, from);
    }
  }

  private static void writeRegister(Vcpu cpu, Instruction in, Register r, long[] from) {
    int number = r.number();
    switch (r.kind()) {
      case MMX -> setMmx(cpu, number, from[0]);
      case XMM -> setXmm(cpu, in, number, from[0], from[1]);
      default -> {
        VectorRegisters vectors = cpu.vectors();
        vectors.setXmm(number, from[0], from[1]);
        vectors.set(number, 2, from[2]);
        vectors.set(number, 3, from[3]);
      }
    }
  }

  private static void setMmx(Vcpu cpu, int register, long value) {
    MmxState.enter(cpu);
    MmxState.write(cpu, register, value);
  }

  /** Writes bits 127:0 of a vector register, and clears those above in VEX instructions. */
  public static void setXmm(Vcpu cpu, Instruction in, int register, long low, long high) {
    VectorRegisters vectors = cpu.vectors();
    vectors.setXmm(register, low, high);
    if (in.has(Prefixes.VEX)) {
      vectors.clearUpper(register);
    }
  }

  private static void writeMemory(Vcpu cpu, MemoryOperand m, boolean aligned, long[] from) {
    int bits = m.bits();
    long linear = cpu.segmented().writable(m, bits >>> 3);
    if (aligned) {
      checkAligned(linear, bits);
    }
    if (bits <= 64) {
      cpu.memory().write(linear, bits >>> 3, from[0]);
      return;
    }
    LinearMemory memory = cpu.memory();
    memory.checkAlignment(linear, ALIGNMENT_CHECK);
    memory.probeWriteUnaligned(linear, bits >>> 3);
    memory.write64(linear, from[0]);
    memory.write64(memory.next(linear, 8), from[1]);
    if (bits == 256) {
      memory.write64(memory.next(linear, 16), from[2]);
      memory.write64(memory.next(linear, 24), from[3]);
    }
  }

  /**
   * Writes a value of at most 64 bits to operand {@code n}: a general register or an MMX register,
   * an XMM register (with zeros above), or memory of the operand's size.
   */
  public static void writeLow(Vcpu cpu, Instruction in, int n, long value) {
    Operand operand = in.operand(n);
    if (operand instanceof Register r) {
      int number = r.number();
      switch (r.kind()) {
        case MMX -> setMmx(cpu, number, value);
        case XMM, YMM -> setXmm(cpu, in, number, value, 0);
        default -> cpu.general().set(number, r.bits(), value);
      }
    } else {
      MemoryOperand m = (MemoryOperand) operand;
      int bytes = m.bits() >>> 3;
      cpu.memory().write(cpu.segmented().writable(m, bytes), bytes, value);
    }
  }

  /** Faults as a write of operand {@code n} would, if it is memory. */
  public static void probeWrite(Vcpu cpu, Instruction in, int n) {
    if (in.operand(n) instanceof MemoryOperand m) {
      int bytes = m.bits() >>> 3;
      long linear = cpu.segmented().writable(m, bytes);
      cpu.memory().checkAlignment(linear, Math.min(bytes, ALIGNMENT_CHECK));
      cpu.memory().probeWriteUnaligned(linear, bytes);
    }
  }

  /** Number of the vector or MMX register that operand {@code n} is. */
  public static int registerNumber(Instruction in, int n) {
    return ((Register) in.operand(n)).number();
  }
}
