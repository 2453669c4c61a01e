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

  /** Bytes of a guard. */
  static final int BYTES = PhysicalMemory.PAGE_SIZE + 64;

  private static final int MOST = 0xFF;

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
    for (long at = address + offset; at < address + offset + length; at++) {
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
    for (long at = address + offset; at < address + offset + length; at++) {
      int count = HostMemory.getByte(at) & 0xFF;
      if (count != MOST && count != 0) {
        HostMemory.putByte(at, (byte) (count - 1));
      }
    }
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
    long at = guard + offset;
    int left = length;
    for (; left >= 8; left -= 8, at += 8) {
      if (HostMemory.getLong(at) != 0) {
        return false;
      }
    }
    for (; left > 0; left--, at++) {
      if (HostMemory.getByte(at) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Host address of the page that a guard is for. */
  public static long host(long guard) {
    return HostMemory.getLong(guard + HOST);
  }
}
