package dev.hindsight.bus;

import dev.hindsight.memory.HostMemory;

/**
 * Tells of each byte of a physical page whether it may be written without anybody hearing of it, or
 * holds code that somebody has decoded. It lies off the heap, so that emitted code looks there
 * before it writes.
 *
 * <p>At the byte's offset is the number of decoded pieces of code that it belongs to; {@link #MOST}
 * stands for more, and stays. At {@link #HOST} is the page's host address while any of it is
 * protected.
 */
public final class WriteGuard {
  /** Offset of the page's host address. */
  public static final int HOST = PhysicalMemory.PAGE_SIZE;

  /** Bytes of a guard; behind the counts there is room for a word that begins at the last. */
  static final int BYTES = PhysicalMemory.PAGE_SIZE + 64;

  private static final int MOST = 0xFF;
  private static final long ONES = 0x0101_0101_0101_0101L;

  private final long page;
  private final long address;
  private int pieces;
  private boolean bypassed;

  /**
   * A guard that protects nothing.
   *
   * @param page number of the physical page
   * @param address where it lies: {@link #BYTES} zeros
   */
  WriteGuard(long page, long address) {
    this.page = page;
    this.address = address;
  }

  /** Number of the physical page. */
  long page() {
    return page;
  }

  /** Where it lies. */
  long address() {
    return address;
  }

  /** One more piece of code has these bytes of the page. */
  void protect(int offset, int length) {
    pieces++;
    for (int done = 0; done < length; done += Long.BYTES) {
      long ones = ones(length - done);
      long at = address + offset + done;
      long counts = HostMemory.getLong(at);
      // nowhere near the most, so that there is no carry
      if ((counts & ones << 7) == 0) {
        HostMemory.putLong(at, counts + ones);
      } else {
        protectOneByOne(at, Math.min(Long.BYTES, length - done));
      }
    }
  }

  private static void protectOneByOne(long first, int length) {
    for (long at = first; at < first + length; at++) {
      int count = HostMemory.getByte(at) & 0xFF;
      if (count != MOST) {
        HostMemory.putByte(at, (byte) (count + 1));
      }
    }
  }

  /** A piece of code that had these bytes of the page is forgotten. */
  void release(int offset, int length) {
    if (pieces == 0) {
      throw new IllegalStateException("nothing of the page is protected");
    }
    pieces--;
    for (int done = 0; done < length; done += Long.BYTES) {
      long ones = ones(length - done);
      long at = address + offset + done;
      long counts = HostMemory.getLong(at);
      long fewer = counts - ones;
      // neither the most nor, as after a write, none: no borrow
      if (((fewer | counts) & ones << 7) == 0) {
        HostMemory.putLong(at, fewer);
      } else {
        releaseOneByOne(at, Math.min(Long.BYTES, length - done));
      }
    }
  }

  private static void releaseOneByOne(long first, int length) {
    for (long at = first; at < first + length; at++) {
      int count = HostMemory.getByte(at) & 0xFF;
      if (count != MOST && count != 0) {
        HostMemory.putByte(at, (byte) (count - 1));
      }
    }
  }

  /** A one in each of the lowest bytes of a word, as many as there are left of a range. */
  private static long ones(int left) {
    return left >= Long.BYTES ? ONES : ONES >>> Long.SIZE - left * Byte.SIZE;
  }

  /** No piece of code that is left has any of these bytes. */
  void clear(int offset, int length) {
    HostMemory.fill(address + offset, length, (byte) 0);
  }

  /** Whether there is no code left. */
  boolean isIdle() {
    return pieces == 0;
  }

  /** Whether somebody may have access to the page that does not look here. */
  boolean isBypassed() {
    return bypassed;
  }

  void bypassed(boolean may) {
    bypassed = may;
  }

  /** The page is at a host address now. */
  void moved(long host) {
    HostMemory.putLong(address + HOST, host);
  }

  boolean isFree(int offset, int length) {
    return isFree(address, offset, length);
  }

  /**
   * Whether bytes of a page may be written directly.
   *
   * @param guard where the page's guard lies
   * @param offset of the first byte in the page
   * @param length number of bytes, which all lie in the page
   */
  public static boolean isFree(long guard, int offset, int length) {
    long any = 0;
    for (int done = 0; done < length; done += Long.BYTES) {
      any |= HostMemory.getLong(guard + offset + done) & ones(length - done) * MOST;
    }
    return any == 0;
  }

  /** Host address of the page that a guard is for. */
  public static long host(long guard) {
    return HostMemory.getLong(guard + HOST);
  }
}
