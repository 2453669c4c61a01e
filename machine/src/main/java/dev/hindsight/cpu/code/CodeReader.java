package dev.hindsight.cpu.code;

import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.memory.HostMemory;
import dev.hindsight.x86.CodeSource;

/** Code bytes of one physical page, and of a second one for an instruction that reaches into it. */
public final class CodeReader implements CodeSource {
  /** In place of a second page: bytes beyond the first cannot be fetched. */
  public static final long NONE = -1;

  private final PhysicalMemory memory;
  private long page;
  private long host;
  private long secondPage;
  private int start;

  /** A reader of a machine's memory. */
  public CodeReader(PhysicalMemory memory) {
    this.memory = memory;
  }

  /**
   * Begins to read.
   *
   * @param physical physical address of the first byte
   * @param secondPage physical address of the page that follows, or {@link #NONE}
   */
  public void at(long physical, long secondPage) {
    this.page = physical & -PhysicalMemory.PAGE_SIZE;
    this.host = memory.readPage(physical >>> PhysicalMemory.PAGE_SHIFT);
    this.secondPage = secondPage;
    this.start = (int) (physical - page);
  }

  /** Moves on by some bytes. */
  public void advance(int bytes) {
    start += bytes;
  }

  /** Whether the first page is plain memory, whose changes are reported. */
  public boolean isPlainMemory() {
    return host != 0;
  }

  @Override
  public int byteAt(int offset) {
    int at = start + offset;
    if (at < PhysicalMemory.PAGE_SIZE) {
      return host != 0
          ? HostMemory.getByte(host + at) & 0xFF
          : (int) memory.peek(page + at, 1) & 0xFF;
    }
    return secondPage == NONE
        ? -1
        : (int) memory.peek(secondPage + at - PhysicalMemory.PAGE_SIZE, 1) & 0xFF;
  }
}
