package dev.hindsight.cpu.interpreter;

import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.LinearMemory;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.memory.HostMemory;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Operand;

/**
 * Many iterations of MOVS or STOS at once, upwards within a page: what they do one after another
 * when nobody can notice in between. Whatever else there is (page crossings, faults, device
 * registers, watched pages, DF) is left to iterations one by one.
 */
final class BulkString {
  /** With fewer it does not pay. */
  private static final int LEAST = 4;

  private static final int DS = 3;

  private final boolean moves;
  private final int bytes;
  private final int addressBits;

  /** For an instruction that {@link #fits}. */
  BulkString(Instruction in) {
    this.moves = in.mnemonic() == Mnemonic.MOVS;
    this.bytes = memoryOperand(in).bits() >>> 3;
    this.addressBits = in.addressBits();
  }

  /** Whether an instruction can be executed so in the present mode of a CPU. */
  static boolean fits(Vcpu cpu, Instruction in) {
    return (in.mnemonic() == Mnemonic.MOVS || in.mnemonic() == Mnemonic.STOS)
        && cpu.flat()
        && in.addressBits() >= 32
        && in.operands().stream().allMatch(BulkString::isPlain);
  }

  private static MemoryOperand memoryOperand(Instruction in) {
    for (Operand o : in.operands()) {
      if (o instanceof MemoryOperand m) {
        return m;
      }
    }
    throw new IllegalArgumentException(in.mnemonic() + " has no string operand");
  }

  /** In a segment that {@link Vcpu#flat} speaks of, and not CS. */
  private static boolean isPlain(Operand o) {
    return !(o instanceof MemoryOperand m)
        || m.segment().number() == 0
        || m.segment().number() == DS;
  }

  /**
   * Executes some iterations, all but the count in RCX.
   *
   * @param most how many at most
   * @return how many, or 0 if the next must be executed by itself
   */
  int execute(Vcpu cpu, long most) {
    if (most < LEAST || cpu.flags().is(Flags.DF)) {
      return 0;
    }
    GeneralRegisters r = cpu.general();
    LinearMemory memory = cpu.memory();
    long to = r.get(GeneralRegisters.RDI, addressBits);
    long n = Math.min(most, inPage(to));
    long from = 0;
    if (moves) {
      from = r.get(GeneralRegisters.RSI, addressBits);
      n = Math.min(n, inPage(from));
    }
    int count = (int) n;
    if (count < LEAST) {
      return 0;
    }
    int length = count * bytes;
    long hostTo = memory.writableHost(to, length);
    if (hostTo == 0) {
      return 0;
    }
    if (moves) {
      long hostFrom = memory.readableHost(from, length);
      if (hostFrom == 0) {
        return 0;
      }
      move(hostFrom, hostTo, length);
      r.set(GeneralRegisters.RSI, addressBits, from + length);
    } else {
      store(hostTo, length, r.get64(GeneralRegisters.RAX));
    }
    r.set(GeneralRegisters.RDI, addressBits, to + length);
    return count;
  }

  /** Data that fit between an address and the end of its page. */
  private int inPage(long address) {
    return (PhysicalMemory.PAGE_SIZE - (int) (address & (PhysicalMemory.PAGE_SIZE - 1))) / bytes;
  }

  /** Datum by datum: what was written may be read again further up. */
  private void move(long from, long to, int length) {
    if (to - from <= 0 || to - from >= length) {
      HostMemory.copy(from, to, length);
      return;
    }
    for (int i = 0; i < length; i += bytes) {
      put(to + i, get(from + i));
    }
  }

  private void store(long to, int length, long value) {
    if (bytes == 1 || value == 0) {
      HostMemory.fill(to, length, (byte) value);
      return;
    }
    for (int i = 0; i < length; i += bytes) {
      put(to + i, value);
    }
  }

  private long get(long host) {
    return switch (bytes) {
      case 8 -> HostMemory.getLong(host);
      case 4 -> HostMemory.getInt(host);
      case 2 -> HostMemory.getShort(host);
      default -> HostMemory.getByte(host);
    };
  }

  private void put(long host, long value) {
    switch (bytes) {
      case 8 -> HostMemory.putLong(host, value);
      case 4 -> HostMemory.putInt(host, (int) value);
      case 2 -> HostMemory.putShort(host, (short) value);
      default -> HostMemory.putByte(host, (byte) value);
    }
  }
}
