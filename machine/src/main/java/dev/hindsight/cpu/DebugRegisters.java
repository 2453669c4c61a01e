package dev.hindsight.cpu;

/** DR0 to DR3, DR6 and DR7 (SDM volume 3, chapter "Debug, Branch Profile…"). */
public final class DebugRegisters {
  /** DR6 after reset: the bits that always read as 1. */
  public static final int DR6_FIXED = 0xFFFF_0FF0;

  /** DR7 after reset. */
  public static final int DR7_FIXED = 0x400;

  private final long[] address = new long[4];
  private int dr6 = DR6_FIXED;
  private int dr7 = DR7_FIXED;
  private int pending;

  /** Breakpoint address DR0 to DR3, linear. */
  public long address(int n) {
    return address[n];
  }

  /** Writes DR0 to DR3. */
  public void address(int n, long linear) {
    address[n] = linear;
  }

  /** Debug status. */
  public int dr6() {
    return dr6;
  }

  /** Writes DR6 as it is. */
  public void dr6(int value) {
    dr6 = value;
  }

  /** Debug control. */
  public int dr7() {
    return dr7;
  }

  /** Writes DR7 as it is. */
  public void dr7(int value) {
    dr7 = value;
  }

  /**
   * Bits for DR6 of the trap that waits: single step and data breakpoints. It is taken before the
   * next instruction, unless the last one was a MOV SS or POP SS, which holds it back for another.
   */
  public int pending() {
    return pending;
  }

  /** Writes the bits of the trap that waits. */
  public void pending(int dr6Bits) {
    pending = dr6Bits;
  }

  /** Reset values. */
  public void reset() {
    for (int i = 0; i < 4; i++) {
      address[i] = 0;
    }
    dr6 = DR6_FIXED;
    dr7 = DR7_FIXED;
    pending = 0;
  }

  /** DR0 to DR3, DR6, DR7, waiting trap. */
  long[] save() {
    return new long[] {address[0], address[1], address[2], address[3], dr6, dr7, pending};
  }

  /** The reverse of {@link #save}. */
  void load(long[] state) {
    System.arraycopy(state, 0, address, 0, 4);
    dr6 = (int) state[4];
    dr7 = (int) state[5];
    pending = (int) state[6];
  }
}
