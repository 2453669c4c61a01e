package dev.hindsight.device;

import dev.hindsight.bus.MemoryListener;
import dev.hindsight.bus.PhysicalMemory;
import java.util.Arrays;
import java.util.function.Consumer;

/** Guest memory for DMA in a test, from address 0 on; beyond it there is nothing. */
public final class ArrayMemory implements PhysicalMemory {
  private final byte[] bytes;
  private final boolean writable;
  private final Consumer<String> writes;

  private ArrayMemory(byte[] bytes, boolean writable, Consumer<String> writes) {
    this.bytes = bytes;
    this.writable = writable;
    this.writes = writes;
  }

  /** RAM full of zeros. */
  public static ArrayMemory ram(int length) {
    return new ArrayMemory(new byte[length], true, text -> {});
  }

  /**
   * Memory that does not change, so that it is no state.
   *
   * @param writes is told what was to be written
   */
  public static ArrayMemory rom(byte[] contents, Consumer<String> writes) {
    return new ArrayMemory(contents, false, writes);
  }

  /** What is in it. */
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public void read(long address, byte[] into, int offset, int length) {
    for (int i = 0; i < length; i++) {
      long at = address + i;
      into[offset + i] = at >= 0 && at < bytes.length ? bytes[(int) at] : -1;
    }
  }

  @Override
  public void write(long address, byte[] from, int offset, int length) {
    writes.accept(
        "%x := %x"
            .formatted(
                address, Arrays.hashCode(Arrays.copyOfRange(from, offset, offset + length))));
    for (int i = 0; i < length; i++) {
      long at = address + i;
      if (writable && at >= 0 && at < bytes.length) {
        bytes[(int) at] = from[offset + i];
      }
    }
  }

  @Override
  public long read(long address, int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value |= (bytes[(int) address + i] & 0xFFL) << 8 * i;
    }
    return value;
  }

  @Override
  public void write(long address, int count, long value) {
    for (int i = 0; i < count; i++) {
      bytes[(int) address + i] = (byte) (value >>> 8 * i);
    }
  }

  @Override
  public long peek(long address, int count) {
    return read(address, count);
  }

  @Override
  public long readPage(long page) {
    return 0;
  }

  @Override
  public long writePage(long page) {
    return 0;
  }

  @Override
  public long guardPage(long page) {
    return 0;
  }

  @Override
  public void protect(long address, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void release(long address, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long guard(long page) {
    return 0;
  }

  @Override
  public boolean isProtected(long address, int length) {
    return false;
  }

  @Override
  public long busAddress(long address) {
    return address;
  }

  @Override
  public void watch(long page, Watch kind) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void unwatch(long page, Watch kind) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isWatched(long page, Watch kind) {
    return false;
  }

  @Override
  public void addListener(MemoryListener listener) {
    throw new UnsupportedOperationException();
  }
}
