package dev.hindsight.cpu;

import java.util.Arrays;

/** YMM0 to YMM15 (XMM are their low halves) and MXCSR. */
public final class VectorRegisters {
  /** MXCSR after reset: all exceptions masked, round to nearest. */
  public static final int MXCSR_DEFAULT = 0x1F80;

  private final long[] quadwords = new long[16 * 4];
  private int mxcsr = MXCSR_DEFAULT;

  /**
   * A quadword of a register.
   *
   * @param register 0 to 15
   * @param n 0 (bits 63:0) to 3 (bits 255:192); 0 and 1 are XMM
   */
  public long get(int register, int n) {
    return quadwords[register * 4 + n];
  }

  /** Writes a quadword of a register. */
  public void set(int register, int n, long value) {
    quadwords[register * 4 + n] = value;
  }

  /** Writes bits 127:0 and leaves bits 255:128 (legacy SSE). */
  public void setXmm(int register, long low, long high) {
    quadwords[register * 4] = low;
    quadwords[register * 4 + 1] = high;
  }

  /** Clears bits 255:128 (VEX-encoded 128-bit forms). */
  public void clearUpper(int register) {
    quadwords[register * 4 + 2] = 0;
    quadwords[register * 4 + 3] = 0;
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
    Arrays.fill(quadwords, 0);
    mxcsr = MXCSR_DEFAULT;
  }

  /** All quadwords, by register. */
  long[] save() {
    return quadwords.clone();
  }

  /** The reverse of {@link #save}. */
  void load(long[] state) {
    System.arraycopy(state, 0, quadwords, 0, quadwords.length);
  }
}
