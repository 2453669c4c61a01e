package dev.hindsight.device.debug;

import dev.hindsight.bus.ByteSink;
import dev.hindsight.bus.IoRegion;

/**
 * The port E9h of Bochs: what is written goes to the outside, and reading it gives E9h, so that
 * software can tell that it is there (Bochs User Manual, "port_e9_hack").
 */
public final class DebugConsole implements IoRegion {
  /** Number of registers. */
  public static final int LENGTH = 1;

  private static final int PRESENT = 0xE9;

  private final ByteSink output;

  /** A console whose bytes go to {@code output}. */
  public DebugConsole(ByteSink output) {
    this.output = output;
  }

  @Override
  public long read(long offset, int bytes) {
    return PRESENT;
  }

  @Override
  public long peek(long offset, int bytes) {
    return PRESENT;
  }

  @Override
  public void write(long offset, int bytes, long value) {
    output.put((int) value & 0xFF);
  }
}
