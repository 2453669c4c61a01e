package dev.hindsight.device.virtio;

import dev.hindsight.bus.IoRegion;
import dev.hindsight.bus.pci.ConfigurationSpace;

/**
 * Configuration space with the PCI configuration access capability (virtio 1.2, 4.1.4.9): its last
 * field is a window into the structures of the device, for who cannot reach these in memory.
 */
final class ConfigurationAccess implements IoRegion {
  /** Bytes of the capability. */
  static final int LENGTH = 20;

  private static final int BAR = 4;
  private static final int OFFSET = 8;
  private static final int SIZE = 12;
  private static final int DATA = 16;
  private static final int DATA_BYTES = 4;

  private final ConfigurationSpace space;
  private final int capability;
  private final int bar;
  private final long barBytes;
  private final IoRegion structures;

  /**
   * A window.
   *
   * @param capability offset of the capability in configuration space
   * @param bar index of the base address register of the structures
   * @param barBytes its size
   */
  ConfigurationAccess(
      ConfigurationSpace space, int capability, int bar, long barBytes, IoRegion structures) {
    this.space = space;
    this.capability = capability;
    this.bar = bar;
    this.barBytes = barBytes;
    this.structures = structures;
    space.define(capability + BAR, 1, 0, 0xFF);
    space.define(capability + OFFSET, 8, 0, -1L);
    space.define(capability + DATA, DATA_BYTES, 0, 0xFFFF_FFFFL);
  }

  private long target() {
    return space.peek(capability + OFFSET, 4);
  }

  private int size() {
    return (int) space.peek(capability + SIZE, 4);
  }

  /** Whether an access is one of the structures, too. */
  private boolean reaches(long offset, int bytes) {
    int size = size();
    return offset < capability + DATA + DATA_BYTES
        && offset + bytes > capability + DATA
        && space.peek(capability + BAR, 1) == bar
        && (size == 1 || size == 2 || size == 4)
        && target() % size == 0
        && target() + size <= barBytes;
  }

  /** What the data field is when its first bytes are a value. */
  private long data(long value) {
    long mask = -1L >>> 64 - 8 * size();
    return space.peek(capability + DATA, DATA_BYTES) & ~mask | value & mask;
  }

  @Override
  public long read(long offset, int bytes) {
    if (reaches(offset, bytes)) {
      long value = structures.read(target(), size());
      space.set(capability + DATA, DATA_BYTES, data(value));
    }
    return space.read(offset, bytes);
  }

  @Override
  public long peek(long offset, int bytes) {
    if (!reaches(offset, bytes)) {
      return space.peek(offset, bytes);
    }
    long data = data(structures.peek(target(), size()));
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      long at = offset + i - capability - DATA;
      long part = at >= 0 && at < DATA_BYTES ? data >>> 8 * at : space.peek(offset + i, 1);
      value |= (part & 0xFF) << 8 * i;
    }
    return value;
  }

  @Override
  public void write(long offset, int bytes, long value) {
    space.write(offset, bytes, value);
    if (reaches(offset, bytes)) {
      structures.write(target(), size(), space.peek(capability + DATA, size()));
    }
  }
}
