package dev.hindsight.device.debug;

import dev.hindsight.bus.IoRegion;
import dev.hindsight.bus.SystemControl;

/**
 * A port that ends the machine, as QEMU's device {@code isa-debug-exit}: a write of v leaves the
 * exit code 2v + 1, which is never 0. Reads give zero.
 */
public final class DebugExit implements IoRegion {
  /** Number of registers. */
  public static final int LENGTH = 4;

  private final SystemControl system;

  /** The port of a machine. */
  public DebugExit(SystemControl system) {
    this.system = system;
  }

  @Override
  public long read(long offset, int bytes) {
    return 0;
  }

  @Override
  public long peek(long offset, int bytes) {
    return 0;
  }

  @Override
  public void write(long offset, int bytes, long value) {
    long written = value & -1L >>> 64 - 8 * bytes;
    system.exit((int) (written << 1 | 1));
  }
}
