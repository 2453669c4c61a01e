package dev.hindsight.bench.interpreter.shape;

import dev.hindsight.memory.HostMemory;
import java.lang.foreign.Arena;
import java.util.Arrays;

/** What the operations of the synthetic program work on: registers, lazy flags, memory by TLB. */
final class SyntheticCpu {
  static final int REGISTERS = 16;

  private static final int PAGE = 4096;
  private static final int PAGES = 512;
  private static final int SLOTS = 1024;

  final long[] registers = new long[REGISTERS];
  long result = 1;
  long carries;
  int index;
  long ticks;

  private final long[] tags = new long[SLOTS];
  private final long[] bases = new long[SLOTS];

  /**
   * A CPU with 2 MiB of memory.
   *
   * @param memory what frees its memory
   */
  SyntheticCpu(Arena memory) {
    long host = memory.allocate((long) PAGES * PAGE, PAGE).address();
    Arrays.fill(tags, -1);
    for (int page = 0; page < PAGES; page++) {
      tags[page] = (long) page * PAGE;
      bases[page] = host;
    }
    for (int i = 0; i < REGISTERS; i++) {
      registers[i] = i * 0x9E37_79B9L;
    }
  }

  /** An address within the memory, from a register and a displacement; never across pages. */
  static long address(long base, long displacement) {
    return (base + displacement) & ((long) PAGES * PAGE - 1) & ~7L;
  }

  long load(long linear, int bytes) {
    int slot = (int) (linear >>> 12) & (SLOTS - 1);
    if (tags[slot] != ((linear + bytes - 1) & -PAGE)) {
      throw new IllegalStateException("TLB miss");
    }
    long host = bases[slot] + linear;
    return bytes == 8 ? HostMemory.getLong(host) : HostMemory.getInt(host) & 0xFFFF_FFFFL;
  }

  void store(long linear, int bytes, long value) {
    int slot = (int) (linear >>> 12) & (SLOTS - 1);
    if (tags[slot] != ((linear + bytes - 1) & -PAGE)) {
      throw new IllegalStateException("TLB miss");
    }
    long host = bases[slot] + linear;
    if (bytes == 8) {
      HostMemory.putLong(host, value);
    } else {
      HostMemory.putInt(host, (int) value);
    }
  }

  /** A number that tells two states apart. */
  long checksum() {
    return Arrays.hashCode(registers) * 31L + result * 7 + carries + ticks;
  }
}
