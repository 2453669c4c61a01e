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
 * Many iterations of MOVS or STOS at once, within a page: what they do one after another when
 * nobody can notice in between. Whatever else there is (page crossings, faults, device registers,
 * watched pages) is left to iterations one by one.
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
    if (most < LEAST) {
      return 0;
    }
    boolean down = cpu.flags().is(Flags.DF);
    GeneralRegisters r = cpu.general();
    long to = r.get(GeneralRegisters.RDI, addressBits);
    long from = moves ? r.get(GeneralRegisters.RSI, addressBits) : to;
    int count = (int) Math.min(most, Math.min(inPage(to, down), inPage(from, down)));
    if (count < LEAST) {
      return 0;
    }
    int length = count * bytes;
    // from the first to the lowest datum
    int below = down ? length - bytes : 0;
    LinearMemory memory = cpu.memory();
    long hostTo = memory.writableHost(to - below, length);
    long hostFrom = moves ? memory.readableHost(from - below, length) : hostTo;
    if (hostTo == 0 || hostFrom == 0) {
      return 0;
    }
    long step = down ? -length : length;
    if (moves) {
      move(hostFrom, hostTo, length, down);
      r.set(GeneralRegisters.RSI, addressBits, from + step);
    } else {
      store(hostTo, length, r.get64(GeneralRegisters.RAX));
    }
    r.set(GeneralRegisters.RDI, addressBits, to + step);
    return count;
  }

  /** How many data, from the one at an address on, lie whole in its page. */
  private int inPage(long address, boolean down) {
    int offset = (int) address & (PhysicalMemory.PAGE_SIZE - 1);
    int up = (PhysicalMemory.PAGE_SIZE - offset) / bytes;
    return down ? up == 0 ? 0 : offset / bytes + 1 : up;
  }

  /** Datum by datum where a later one is what an earlier one has become. */
  private void move(long from, long to, int length, boolean down) {
    long ahead = down ? from - to : to - from;
    if (ahead <= 0 || ahead >= length) {
      HostMemory.copy(from, to, length);
      return;
    }
    for (int done = 0; done < length; done += bytes) {
      int at = down ? length - bytes - done : done;
      put(to + at, get(from + at));
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
