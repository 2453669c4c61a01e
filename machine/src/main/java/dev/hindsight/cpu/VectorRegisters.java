package dev.hindsight.cpu;

import dev.hindsight.memory.HostMemory;

/** YMM0 to YMM15 (XMM are their low halves) and MXCSR. */
public final class VectorRegisters {
  /** MXCSR after reset: all exceptions masked, round to nearest. */
  public static final int MXCSR_DEFAULT = 0x1F80;

  private static final int QUADWORDS = 16 * 4;

  private final RegisterArea area;
  private final long base;
  private int mxcsr = MXCSR_DEFAULT;

  VectorRegisters(RegisterArea area) {
    this.area = area;
    this.base = area.address() + RegisterArea.VECTORS;
  }

  /** Where they are. */
  public RegisterArea area() {
    return area;
  }

  private long load(int index) {
    return HostMemory.getLong(base + 8L * index);
  }

  private void store(int index, long value) {
    HostMemory.putLong(base + 8L * index, value);
  }

  /**
   * A quadword of a register.
   *
   * @param register 0 to 15
   * @param n 0 (bits 63:0) to 3 (bits 255:192); 0 and 1 are XMM
   */
  public long get(int register, int n) {
    return load(register * 4 + n);
  }

  /** Writes a quadword of a register. */
  public void set(int register, int n, long value) {
    store(register * 4 + n, value);
  }

  /** Writes bits 127:0 and leaves bits 255:128 (legacy SSE). */
  public void setXmm(int register, long low, long high) {
    store(register * 4, low);
    store(register * 4 + 1, high);
  }

  /** Clears bits 255:128 (VEX-encoded 128-bit forms). */
  public void clearUpper(int register) {
    store(register * 4 + 2, 0);
    store(register * 4 + 3, 0);
  }

  /** MXCSR. */
  public int mxcsr() {
    return mxcsr;
  }

  /** Writes MXCSR as it is. */
  public void mxcsr(int value) {
    mxcsr = value;
  }

  /** The values after RESET#. */
  public void reset() {
    HostMemory.fill(base, 8L * QUADWORDS, (byte) 0);
    mxcsr = MXCSR_DEFAULT;
  }

  /** All quadwords, by register. */
  long[] save() {
    long[] all = new long[QUADWORDS];
    for (int i = 0; i < QUADWORDS; i++) {
      all[i] = load(i);
    }
    return all;
  }

  /** The reverse of {@link #save}. */
  void load(long[] state) {
    for (int i = 0; i < QUADWORDS; i++) {
      store(i, state[i]);
    }
  }
}
