package dev.hindsight.cpu.paging;

import java.util.Arrays;

/**
 * Translations of one address space at one privilege. Direct-mapped by linear page.
 *
 * <p>An entry has up to three faces: the translation itself ({@link #page}, {@link #physical},
 * {@link #rights}), and, where the page is plain memory, host addresses for reads and writes. The
 * latter are what the fast paths look at: {@code readTag[slot]} equals the linear page address
 * exactly if a read may go straight to {@code readBase[slot] + linear}.
 */
public final class Tlb {
  /** Number of slots. */
  public static final int SLOTS = 1024;

  private static final int MASK = SLOTS - 1;

  /** A tag that no page address equals. */
  private static final long EMPTY = -1;

  private final AddressSpace space;
  private final Privilege privilege;
  private final int capacity;

  final long[] page = new long[SLOTS];
  final long[] physical = new long[SLOTS];
  final byte[] rights = new byte[SLOTS];
  final long[] readTag = new long[SLOTS];
  final long[] readBase = new long[SLOTS];
  final long[] writeTag = new long[SLOTS];
  final long[] writeBase = new long[SLOTS];
  final long[] executeTag = new long[SLOTS];

  // slots in the order they were filled; kept only where the capacity is less than the slots
  private final int[] filled;
  private int oldest;
  private int live;

  // whether there may be tags, so that who revokes them all need not look
  private boolean reads;
  private boolean writes;

  Tlb(AddressSpace space, Privilege privilege, int capacity) {
    this.space = space;
    this.privilege = privilege;
    this.capacity = Math.min(capacity, SLOTS);
    this.filled = new int[this.capacity < SLOTS ? this.capacity : 0];
    clear();
  }

  AddressSpace space() {
    return space;
  }

  Privilege privilege() {
    return privilege;
  }

  /**
   * Slot of a linear address. Pages that are 4 MiB apart must not share one: who copies from one to
   * the other would find neither.
   */
  public static int slot(long linear) {
    return (int) (linear >>> 12 ^ linear >>> 22) & MASK;
  }

  /** Tags for direct reads: linear page addresses by slot. */
  public long[] readTags() {
    return readTag;
  }

  /** Host address minus linear address, by slot, where the read tag fits. */
  public long[] readBases() {
    return readBase;
  }

  /** Tags for direct writes. */
  public long[] writeTags() {
    return writeTag;
  }

  /** Host address minus linear address, by slot, where the write tag fits. */
  public long[] writeBases() {
    return writeBase;
  }

  /** Tags for instruction fetches. */
  public long[] executeTags() {
    return executeTag;
  }

  /** Physical page addresses by slot, where any tag fits. */
  public long[] physicalPages() {
    return physical;
  }

  /** Drops everything. */
  void clear() {
    Arrays.fill(page, EMPTY);
    Arrays.fill(readTag, EMPTY);
    Arrays.fill(writeTag, EMPTY);
    Arrays.fill(executeTag, EMPTY);
    reads = false;
    writes = false;
    oldest = 0;
    live = 0;
  }

  /** Whether there is a translation that permits an access. */
  boolean permits(int slot, long linearPage, int access) {
    return page[slot] == linearPage && (rights[slot] & access) != 0;
  }

  /** Enters a translation, dropping what was in its slot. */
  void fill(int slot, long linearPage, long physicalPage, int rights) {
    if (filled.length > 0 && page[slot] != linearPage) {
      makeRoom(slot);
    }
    page[slot] = linearPage;
    physical[slot] = physicalPage;
    this.rights[slot] = (byte) rights;
    readTag[slot] = EMPTY;
    writeTag[slot] = EMPTY;
    executeTag[slot] = (rights & Access.EXECUTE) != 0 ? linearPage : EMPTY;
  }

  private void makeRoom(int slot) {
    if (live == capacity) {
      drop(filled[oldest]);
      filled[oldest] = slot;
      oldest = (oldest + 1) % capacity;
    } else {
      filled[(oldest + live) % capacity] = slot;
      live++;
    }
  }

  /** Lets reads of a filled slot go straight to the host. */
  void allowReads(int slot, long host) {
    reads = true;
    readTag[slot] = page[slot];
    readBase[slot] = host - page[slot];
  }

  /** Lets writes of a filled slot go straight to the host. */
  void allowWrites(int slot, long host) {
    writes = true;
    writeTag[slot] = page[slot];
    writeBase[slot] = host - page[slot];
  }

  private void drop(int slot) {
    page[slot] = EMPTY;
    readTag[slot] = EMPTY;
    writeTag[slot] = EMPTY;
    executeTag[slot] = EMPTY;
  }

  /**
   * Drops translations of a range of linear addresses.
   *
   * @return whether there were any
   */
  boolean dropRange(long start, long length) {
    if (length == 4096) {
      int slot = slot(start);
      if (page[slot] != start) {
        return false;
      }
      drop(slot);
      return true;
    }
    boolean any = false;
    for (int slot = 0; slot < SLOTS; slot++) {
      long p = page[slot];
      if (p != EMPTY && Long.compareUnsigned(p - start, length) < 0) {
        drop(slot);
        any = true;
      }
    }
    return any;
  }

  /** Forbids direct writes everywhere. */
  void revokeWrites() {
    if (writes) {
      Arrays.fill(writeTag, EMPTY);
      writes = false;
    }
  }

  /** Forbids direct writes to a physical page. */
  void revokeWrites(long physicalPage) {
    for (int slot = 0; writes && slot < SLOTS; slot++) {
      if (writeTag[slot] != EMPTY && physical[slot] == physicalPage) {
        writeTag[slot] = EMPTY;
      }
    }
  }

  /** Forbids all direct access to a physical page. */
  void revokeAll(long physicalPage) {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (physical[slot] == physicalPage) {
        readTag[slot] = EMPTY;
        writeTag[slot] = EMPTY;
      }
    }
  }

  /** Forbids direct access to a page by its linear address, keeping its translation. */
  void revoke(long linearPage) {
    int slot = slot(linearPage);
    if (page[slot] == linearPage) {
      readTag[slot] = EMPTY;
      writeTag[slot] = EMPTY;
    }
  }

  /** Forbids all direct access, keeping translations. */
  void revokeAll() {
    revokeWrites();
    if (reads) {
      Arrays.fill(readTag, EMPTY);
      reads = false;
    }
  }
}
