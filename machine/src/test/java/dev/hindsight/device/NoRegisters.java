package dev.hindsight.device;

import dev.hindsight.bus.IoRegion;

/** A range in which there is nothing. */
public final class NoRegisters implements IoRegion {
  @Override
  public long read(long offset, int bytes) {
    return 0;
  }

  @Override
  public long peek(long offset, int bytes) {
    return 0;
  }

  @Override
  public void write(long offset, int bytes, long value) {}
}
