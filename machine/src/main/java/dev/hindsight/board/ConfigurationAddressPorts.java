package dev.hindsight.board;

import dev.hindsight.bus.IoRegion;

/**
 * Ports CF8h to CFBh: a doubleword is the configuration address of the host bridge, a byte at CF9h
 * is the reset control register.
 */
record ConfigurationAddressPorts(IoRegion address, IoRegion resetControl) implements IoRegion {
  private static final int RESET_CONTROL_OFFSET = 1;

  private IoRegion region(long offset, int bytes) {
    return offset == RESET_CONTROL_OFFSET && bytes == 1 ? resetControl : address;
  }

  private static long offset(long offset, int bytes) {
    return offset == RESET_CONTROL_OFFSET && bytes == 1 ? 0 : offset;
  }

  @Override
  public long read(long offset, int bytes) {
    return region(offset, bytes).read(offset(offset, bytes), bytes);
  }

  @Override
  public long peek(long offset, int bytes) {
    return region(offset, bytes).peek(offset(offset, bytes), bytes);
  }

  @Override
  public void write(long offset, int bytes, long value) {
    region(offset, bytes).write(offset(offset, bytes), bytes, value);
  }
}
