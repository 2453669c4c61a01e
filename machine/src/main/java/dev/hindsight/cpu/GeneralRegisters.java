package dev.hindsight.cpu;

import dev.hindsight.memory.HostMemory;

/**
 * RAX to R15, by number: RAX 0, RCX 1, RDX 2, RBX 3, RSP 4, RBP 5, RSI 6, RDI 7, R8 to R15.
 *
 * <p>Two more slots serve address generation: {@link #ZERO} is always 0, and {@link #BLOCK_RIP} is
 * the instruction pointer at which the current block began.
 */
public final class GeneralRegisters {
  public static final int RAX = 0;
  public static final int RCX = 1;
  public static final int RDX = 2;
  public static final int RBX = 3;
  public static final int RSP = 4;
  public static final int RBP = 5;
  public static final int RSI = 6;
  public static final int RDI = 7;

  /** A slot that reads as 0: the base or index of an address that has none. */
  public static final int ZERO = 16;

  /** The slot that RIP-relative addresses start from. */
  public static final int BLOCK_RIP = 17;

  private final RegisterArea area;
  private final long base;

  GeneralRegisters(RegisterArea area) {
    this.area = area;
    this.base = area.address();
  }

  /** Where they are. */
  public RegisterArea area() {
    return area;
  }

  private long load(int n) {
    return HostMemory.getLong(base + 8L * n);
  }

  private void store(int n, long value) {
    HostMemory.putLong(base + 8L * n, value);
  }

  /** All 64 bits. */
  public long get64(int n) {
    return load(n);
  }

  /** Bits 31:0. */
  public int get32(int n) {
    return (int) load(n);
  }

  /** Bits 15:0, zero-extended. */
  public int get16(int n) {
    return (int) load(n) & 0xFFFF;
  }

  /** Bits 7:0, zero-extended. */
  public int get8(int n) {
    return (int) load(n) & 0xFF;
  }

  /** Bits 15:8 of registers 0 to 3 (AH, CH, DH, BH), zero-extended. */
  public int getHigh8(int n) {
    return (int) (load(n) >>> 8) & 0xFF;
  }

  /** Writes all 64 bits. */
  public void set64(int n, long value) {
    store(n, value);
  }

  /** Writes bits 31:0 and clears bits 63:32, as 64-bit mode does. */
  public void set32(int n, int value) {
    store(n, value & 0xFFFF_FFFFL);
  }

  /** Writes bits 15:0; the others stay. */
  public void set16(int n, int value) {
    store(n, (load(n) & ~0xFFFFL) | (value & 0xFFFF));
  }

  /** Writes bits 7:0; the others stay. */
  public void set8(int n, int value) {
    store(n, (load(n) & ~0xFFL) | (value & 0xFF));
  }

  /** Writes bits 15:8; the others stay. */
  public void setHigh8(int n, int value) {
    store(n, (load(n) & ~0xFF00L) | ((value & 0xFFL) << 8));
  }

  /** The low {@code bits} (8, 16, 32 or 64) of a register, zero-extended. */
  public long get(int n, int bits) {
    return switch (bits) {
      case 8 -> get8(n);
      case 16 -> get16(n);
      case 32 -> load(n) & 0xFFFF_FFFFL;
      default -> load(n);
    };
  }

  /** Writes the low {@code bits} (8, 16, 32 or 64) with the rules of that size. */
  public void set(int n, int bits, long value) {
    switch (bits) {
      case 8 -> set8(n, (int) value);
      case 16 -> set16(n, (int) value);
      case 32 -> set32(n, (int) value);
      default -> store(n, value);
    }
  }
}
