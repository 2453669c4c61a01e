package dev.hindsight.device.virtio;

import dev.hindsight.bus.PhysicalMemory;

/** Little-endian numbers in guest memory, read and written as DMA. */
final class GuestBytes {
  private final PhysicalMemory memory;
  private final byte[] scratch = new byte[Long.BYTES];

  GuestBytes(PhysicalMemory memory) {
    this.memory = memory;
  }

  PhysicalMemory memory() {
    return memory;
  }

  int get16(long address) {
    return (int) get(address, Short.BYTES);
  }

  /**
   * Reads a number.
   *
   * @param bytes 1 to 8
   */
  long get(long address, int bytes) {
    memory.read(address, scratch, 0, bytes);
    return load(scratch, 0, bytes);
  }

  /**
   * Writes a number.
   *
   * @param bytes 1 to 8
   */
  void put(long address, int bytes, long value) {
    store(scratch, 0, bytes, value);
    memory.write(address, scratch, 0, bytes);
  }

  /** A number within an array. */
  static long load(byte[] from, int offset, int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (from[offset + i] & 0xFFL) << 8 * i;
    }
    return value;
  }

  /** Puts a number into an array. */
  static void store(byte[] into, int offset, int bytes, long value) {
    for (int i = 0; i < bytes; i++) {
      into[offset + i] = (byte) (value >>> 8 * i);
    }
  }
}
