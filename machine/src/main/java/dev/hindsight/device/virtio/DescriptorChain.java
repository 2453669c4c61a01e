package dev.hindsight.device.virtio;

import dev.hindsight.bus.PhysicalMemory;

/**
 * The buffers of one request: first those that the device reads, then those that it writes (virtio
 * 1.2, 2.7.4.2). Each of the two parts is seen as one run of bytes.
 */
final class DescriptorChain {
  private static final long LONGEST = 0xFFFF_FFFFL;

  private final PhysicalMemory memory;
  private final int head;
  private final long[] addresses;
  private final long[] lengths;
  private int count;
  private int readable;
  private long readableBytes;
  private long writableBytes;
  private long moved;

  /**
   * An empty chain.
   *
   * @param head index of its first descriptor
   * @param most the most buffers that it can have
   */
  DescriptorChain(PhysicalMemory memory, int head, int most) {
    this.memory = memory;
    this.head = head;
    addresses = new long[most];
    lengths = new long[most];
  }

  /**
   * Adds a buffer.
   *
   * @param length 0 to 2^32 - 1
   */
  void add(long address, long length, boolean writable) throws BadRingException {
    if (count == addresses.length) {
      throw new BadRingException("a chain has too many descriptors");
    }
    if (!writable) {
      if (readable != count) {
        throw new BadRingException("a readable buffer comes after a writable one");
      }
      readable++;
    }
    readableBytes += writable ? 0 : length;
    writableBytes += writable ? length : 0;
    addresses[count] = address;
    lengths[count++] = length;
    if (readableBytes + writableBytes > LONGEST) {
      throw new BadRingException("a chain has more than 2^32 bytes");
    }
  }

  int head() {
    return head;
  }

  /** Bytes that the driver gives. */
  long readableBytes() {
    return readableBytes;
  }

  /** Bytes that the driver wants filled. */
  long writableBytes() {
    return writableBytes;
  }

  /** Bytes that were read and written so far. */
  long moved() {
    return moved;
  }

  /**
   * Reads what the driver gives.
   *
   * @param offset first byte
   * @param into where {@code length} bytes go, all of which there must be
   */
  void read(long offset, byte[] into, int length) {
    copy(0, readable, offset, length, (address, done, n) -> memory.read(address, into, done, n));
  }

  /**
   * Fills what the driver wants filled.
   *
   * @param offset first byte
   * @param from {@code length} bytes, for all of which there must be room
   */
  void write(long offset, byte[] from, int length) {
    copy(
        readable,
        count,
        offset,
        length,
        (address, done, n) -> memory.write(address, from, done, n));
  }

  /** Copies bytes between memory and an array. */
  @FunctionalInterface
  private interface Copy {
    void copy(long address, int done, int bytes);
  }

  private void copy(int from, int to, long offset, int length, Copy copy) {
    long skip = offset;
    int done = 0;
    for (int i = from; i < to && done < length; i++) {
      if (skip >= lengths[i]) {
        skip -= lengths[i];
        continue;
      }
      int n = (int) Math.min(length - done, lengths[i] - skip);
      copy.copy(addresses[i] + skip, done, n);
      done += n;
      skip = 0;
    }
    moved += done;
  }
}
