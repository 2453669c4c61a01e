package dev.hindsight.cpu.interpreter;

import dev.hindsight.cpu.AccessWatcher;
import dev.hindsight.cpu.DebugRegisters;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.paging.Access;

/** Notes which data breakpoints of the debug registers the accesses of an instruction hit. */
final class AccessRecorder implements AccessWatcher {
  /** R/W field of a breakpoint: 1 writes, 3 reads and writes. */
  private static final int WRITES = 1;

  private static final int READS_AND_WRITES = 3;

  private int enabled;
  private final long[] start = new long[4];
  private final int[] length = new int[4];
  private final boolean[] readsToo = new boolean[4];
  private int breakpoints;

  /** Begins to listen, if there is anything to listen for. */
  void begin(Vcpu cpu) {
    breakpoints = 0;
    enabled = 0;
    int dr7 = cpu.debug().dr7();
    for (int n = 0; n < 4; n++) {
      int type = dr7 >>> (16 + 4 * n) & 3;
      if (DebugBreakpoints.isEnabled(dr7, n) && (type == WRITES || type == READS_AND_WRITES)) {
        enabled |= 1 << n;
        length[n] = DebugBreakpoints.length(dr7, n);
        start[n] = address(cpu.debug(), n) & -length[n];
        readsToo[n] = type == READS_AND_WRITES;
      }
    }
    if (enabled != 0) {
      cpu.memory().watcher(this);
    }
  }

  private static long address(DebugRegisters debug, int n) {
    return debug.address(n);
  }

  /** Stops listening. */
  void end(Vcpu cpu) {
    cpu.memory().watcher(null);
  }

  @Override
  public void accessed(long linear, long physical, int bytes, int access) {
    for (int n = 0; n < 4; n++) {
      if ((enabled & 1 << n) != 0
          && (access == Access.WRITE || readsToo[n])
          && linear < start[n] + length[n]
          && linear + bytes > start[n]) {
        breakpoints |= 1 << n;
      }
    }
  }

  /** Bits of DR6 for the data breakpoints that were hit. */
  int breakpoints() {
    return breakpoints;
  }
}
