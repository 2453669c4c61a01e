package dev.hindsight.cpu.paging;

import dev.hindsight.bus.PhysicalMemory;

/** What is known of a physical page that holds paging structures: who walked it, and for what. */
final class PageTable {
  /** Writes in a row that dropped nothing before the page is no longer watched. */
  private static final int PATIENCE = 64;

  private final long address;
  private final int level;
  private final int entryBytes;
  private final long linearBase;
  private long spaces;
  private boolean aliased;
  private boolean twoSizes;
  private int fruitless;

  PageTable(long address, int level, int entryBytes, long linearBase) {
    this.address = address;
    this.level = level;
    this.entryBytes = entryBytes;
    this.linearBase = linearBase;
  }

  long address() {
    return address;
  }

  /** Bytes of linear address space that an entry of a level covers. */
  static long coverage(int level, int entryBytes) {
    return 1L << (12 + (entryBytes == 8 ? 9 : 10) * (level - 1));
  }

  /** Linear address at which the region of the table that {@code linear} falls in begins. */
  static long base(int level, int entryBytes, long linear) {
    // a PML4 has both halves of the canonical addresses
    return level == 4 ? 0 : linear & -(coverage(level, entryBytes) * (4096 / entryBytes));
  }

  /**
   * Whether it was walked both as 32-bit and as 64-bit entries: the accessed bit of one may be an
   * address bit of the other.
   */
  boolean hasEntriesOfTwoSizes() {
    return twoSizes;
  }

  /** Notes a walk through this page. */
  void walked(int space, int level, int entryBytes, long linear) {
    spaces |= 1L << space;
    twoSizes |= entryBytes != this.entryBytes;
    if (level != this.level
        || entryBytes != this.entryBytes
        || base(level, entryBytes, linear) != linearBase) {
      aliased = true;
    }
  }

  /**
   * Drops what derives from entries.
   *
   * @param offset offset of the first written byte in the page
   * @param length number of written bytes
   * @return whether anything was dropped
   */
  boolean drop(AddressSpaces all, int offset, int length) {
    boolean any = false;
    for (long rest = spaces; rest != 0; rest &= rest - 1) {
      any |= drop(all.get(Long.numberOfTrailingZeros(rest)), offset, length);
    }
    fruitless = any ? 0 : fruitless + 1;
    return any;
  }

  private boolean drop(AddressSpace space, int offset, int length) {
    if (aliased) {
      // reached as different levels or for different addresses: a self-map; rare
      space.clear();
      return true;
    }
    long each = coverage(level, entryBytes);
    if (length == PhysicalMemory.PAGE_SIZE && level < 4) {
      return space.dropRange(linearBase, each * (PhysicalMemory.PAGE_SIZE / entryBytes));
    }
    int first = offset / entryBytes;
    int last = (offset + length - 1) / entryBytes;
    if (first == last) {
      return space.dropRange(linear(first, each), each);
    }
    boolean any = false;
    for (int i = first; i <= last; i++) {
      any |= space.dropRange(linear(i, each), each);
    }
    return any;
  }

  private long linear(int entry, long each) {
    long at = linearBase + entry * each;
    // 4-level addresses are canonical: bit 47 fills the bits above
    return level == 4 ? (at << 16) >> 16 : at;
  }

  /** Whether it looks as if the page were used for something else by now. */
  boolean isStale() {
    return fruitless >= PATIENCE;
  }
}
