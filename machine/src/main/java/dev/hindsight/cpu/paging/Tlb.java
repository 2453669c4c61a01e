package dev.hindsight.cpu.paging;

import dev.hindsight.memory.HostMemory;
import java.lang.foreign.Arena;
import java.util.Arrays;

/**
 * Translations of one address space at one privilege. Direct-mapped by linear page.
 *
 * <p>An entry has up to three faces: the translation itself (page, physical page, rights), and,
 * where the page is plain memory, host addresses for reads and writes. The latter are what the fast
 * paths look at: the read tag of a slot equals the linear page address exactly if a read may go
 * straight to the host page.
 *
 * <p>Entries lie off the heap, {@link #ENTRY_BYTES} each, so that emitted code looks at them too. A
 * tag that fits nothing is the address of a page of another slot, half the table away: neither an
 * address of this slot nor one that follows it ever equals it, and no address that belongs to this
 * slot lies in its page.
 */
public final class Tlb {
  /** Number of slots. */
  public static final int SLOTS = 4096;

  /** Bytes of an entry: those that are looked at together share a cache line. */
  public static final int ENTRY_BYTES = 64;

  /** Offset in an entry: linear address of the page that may be read directly. */
  public static final int READ_TAG = 0;

  /** Offset in an entry: host address of that page. */
  public static final int READ_HOST = 8;

  /** Offset in an entry: linear address of the page that may be written directly. */
  public static final int WRITE_TAG = 16;

  /** Offset in an entry: host address of that page, or of the guard. */
  public static final int WRITE_HOST = 24;

  /**
   * What differs between the linear address of a page that may be written where its {@linkplain
   * dev.hindsight.bus.WriteGuard guard} allows it and its write tag: so no address of its slot fits
   * that tag.
   */
  public static final int GUARDED = SLOTS >> 2 << 12;

  /** Offset in an entry: linear address of the page that may be executed. */
  public static final int EXECUTE_TAG = 32;

  /** Offset in an entry: physical address of the page, where any tag fits. */
  public static final int PHYSICAL = 40;

  /**
   * Offset in an entry: host address of what an engine keeps of the page that may be executed, or
   * 0.
   */
  public static final int CODE = 48;

  /** The translation: linear address of the page, and rights in its low bits. */
  private static final int PAGE = 56;

  private static final int RIGHTS = 0xFFF;

  private static final int MASK = SLOTS - 1;

  /** Physical pages that are so many pages apart share a bit. */
  private static final int TRACES = 1 << 14;

  private final AddressSpace space;
  private final Privilege privilege;
  private final int capacity;

  /** The memory is given back when nobody refers to the TLB any more. */
  private final Arena arena = Arena.ofAuto();

  private final long entries = HostMemory.allocate(arena, (long) SLOTS * ENTRY_BYTES);

  /**
   * A bit for each slot that may have a translation, so that who drops many need not look at all.
   */
  private final long[] used = new long[SLOTS / Long.SIZE];

  /**
   * A bit for each {@linkplain #trace remainder} of a physical page that may be in a slot: most
   * pages of which direct access is taken back are in none.
   */
  private final long[] traces = new long[TRACES / Long.SIZE];

  // slots in the order they were filled; kept only where the capacity is less than the slots
  private final int[] filled;
  private int oldest;
  private int live;
  private int codeMode = -1;

  // whether there may be tags, so that who revokes them all need not look
  private boolean reads;
  private boolean writes;

  Tlb(AddressSpace space, Privilege privilege, int capacity) {
    this.space = space;
    this.privilege = privilege;
    this.capacity = Math.min(capacity, SLOTS);
    this.filled = new int[this.capacity < SLOTS ? this.capacity : 0];
    for (int slot = 0; slot < SLOTS; slot++) {
      drop(slot);
    }
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

  /** Host address of the first entry. */
  public long address() {
    return entries;
  }

  private static long empty(int slot) {
    return (long) (slot ^ SLOTS >> 1) << 12;
  }

  private long get(int slot, int field) {
    return HostMemory.getLong(entries + (long) slot * ENTRY_BYTES + field);
  }

  private void put(int slot, int field, long value) {
    HostMemory.putLong(entries + (long) slot * ENTRY_BYTES + field, value);
  }

  /** Linear address of the page that reads may go straight to; one of another slot if none. */
  public long readTag(int slot) {
    return get(slot, READ_TAG);
  }

  /** Host address of the page, where the read tag fits. */
  public long readHost(int slot) {
    return get(slot, READ_HOST);
  }

  /** Linear address of the page that writes may go straight to; one of another slot if none. */
  public long writeTag(int slot) {
    return get(slot, WRITE_TAG);
  }

  /** Host address of the page, where the write tag fits. */
  public long writeHost(int slot) {
    return get(slot, WRITE_HOST);
  }

  /** Linear address of the page that may be executed; one of another slot if none. */
  public long executeTag(int slot) {
    return get(slot, EXECUTE_TAG);
  }

  /** Physical page address, where any tag fits. */
  public long physical(int slot) {
    return get(slot, PHYSICAL);
  }

  /**
   * Keeps an address for the engine, until the translation goes: where it finds the code of the
   * page that may be executed.
   */
  public void code(int slot, long host) {
    put(slot, CODE, host);
  }

  /** Forgets all that was kept for the engine, unless it is for the same mode as the last time. */
  public void codeMode(int mode) {
    if (mode != codeMode) {
      codeMode = mode;
      forgetCode();
    }
  }

  /** Forgets all that was kept for the engine. */
  public void forgetCode() {
    for (int i = 0; i < used.length; i++) {
      for (long rest = used[i]; rest != 0; rest &= rest - 1) {
        put(i * Long.SIZE + Long.numberOfTrailingZeros(rest), CODE, 0);
      }
    }
  }

  /** Linear page address of the translation in a slot; one of another slot if none. */
  long page(int slot) {
    return get(slot, PAGE) & ~RIGHTS;
  }

  /** Rights of the translation in a slot. */
  int rights(int slot) {
    return (int) get(slot, PAGE) & RIGHTS;
  }

  /** Drops everything. */
  void clear() {
    for (int i = 0; i < used.length; i++) {
      for (long rest = used[i]; rest != 0; rest &= rest - 1) {
        drop(i * Long.SIZE + Long.numberOfTrailingZeros(rest));
      }
      used[i] = 0;
    }
    Arrays.fill(traces, 0);
    reads = false;
    writes = false;
    oldest = 0;
    live = 0;
  }

  /** Whether there is a translation that permits an access. */
  boolean permits(int slot, long linearPage, int access) {
    long entry = get(slot, PAGE);
    return (entry & ~RIGHTS) == linearPage && (entry & access) != 0;
  }

  /** Enters a translation, dropping what was in its slot. */
  void fill(int slot, long linearPage, long physicalPage, int rights) {
    if (filled.length > 0 && page(slot) != linearPage) {
      makeRoom(slot);
    }
    used[slot / Long.SIZE] |= 1L << slot;
    int trace = trace(physicalPage);
    traces[trace / Long.SIZE] |= 1L << trace;
    put(slot, PAGE, linearPage | rights);
    put(slot, PHYSICAL, physicalPage);
    put(slot, CODE, 0);
    put(slot, READ_TAG, empty(slot));
    put(slot, WRITE_TAG, empty(slot));
    put(slot, EXECUTE_TAG, (rights & Access.EXECUTE) != 0 ? linearPage : empty(slot));
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

  /**
   * Whether direct access must not be given to a page, because the page before it has the same
   * slot: who compares the page of an access's last byte with the tag in its first byte's slot
   * would not notice that it crosses pages. Of 64 GiB, that is so of four pages.
   */
  boolean isBehindItsLike(int slot) {
    long page = page(slot);
    boolean first = page == 0 && space.context().mode() != PagingMode.FOUR_LEVEL;
    return slot(page - 1) == slot && !first;
  }

  /** Lets reads of a filled slot go straight to the host. */
  void allowReads(int slot, long host) {
    reads = true;
    put(slot, READ_TAG, page(slot));
    put(slot, READ_HOST, host);
  }

  /** Lets writes of a filled slot go straight to the host. */
  void allowWrites(int slot, long host) {
    writes = true;
    put(slot, WRITE_TAG, page(slot));
    put(slot, WRITE_HOST, host);
  }

  /** Lets writes to a filled slot go straight to the host where a guard allows it. */
  void guardWrites(int slot, long guard) {
    writes = true;
    put(slot, WRITE_TAG, page(slot) ^ GUARDED);
    put(slot, WRITE_HOST, guard);
  }

  private void drop(int slot) {
    long none = empty(slot);
    put(slot, PAGE, none);
    put(slot, READ_TAG, none);
    put(slot, WRITE_TAG, none);
    put(slot, EXECUTE_TAG, none);
  }

  /**
   * Drops translations of a range of linear addresses.
   *
   * @return whether there were any
   */
  boolean dropRange(long start, long length) {
    if (length == 4096) {
      int slot = slot(start);
      if (page(slot) != start) {
        return false;
      }
      drop(slot);
      return true;
    }
    boolean any = false;
    for (int i = 0; i < used.length; i++) {
      for (long rest = used[i]; rest != 0; rest &= rest - 1) {
        int slot = i * Long.SIZE + Long.numberOfTrailingZeros(rest);
        long p = page(slot);
        if (p == empty(slot)) {
          used[i] &= ~(rest & -rest);
        } else if (Long.compareUnsigned(p - start, length) < 0) {
          drop(slot);
          used[i] &= ~(rest & -rest);
          any = true;
        }
      }
    }
    return any;
  }

  /** Forbids direct writes everywhere. */
  void revokeWrites() {
    if (writes) {
      forbid(false);
      writes = false;
    }
  }

  /** Forbids direct writes, and reads too or not, everywhere. */
  private void forbid(boolean readsToo) {
    for (int i = 0; i < used.length; i++) {
      for (long rest = used[i]; rest != 0; rest &= rest - 1) {
        forbid(i * Long.SIZE + Long.numberOfTrailingZeros(rest), readsToo);
      }
    }
  }

  private void forbid(int slot, boolean readsToo) {
    put(slot, WRITE_TAG, empty(slot));
    if (readsToo) {
      put(slot, READ_TAG, empty(slot));
    }
  }

  /** Forbids direct writes to a physical page. */
  void revokeWrites(long physicalPage) {
    if (writes) {
      forbid(physicalPage, false);
    }
  }

  /** Forbids all direct access to a physical page. */
  void revokeAll(long physicalPage) {
    forbid(physicalPage, true);
  }

  private static int trace(long physicalPage) {
    return (int) (physicalPage >>> 12) & TRACES - 1;
  }

  private void forbid(long physicalPage, boolean readsToo) {
    int trace = trace(physicalPage);
    if ((traces[trace / Long.SIZE] & 1L << trace) == 0) {
      return;
    }
    boolean there = false;
    for (int i = 0; i < used.length; i++) {
      for (long rest = used[i]; rest != 0; rest &= rest - 1) {
        int slot = i * Long.SIZE + Long.numberOfTrailingZeros(rest);
        long physical = physical(slot);
        there |= trace(physical) == trace;
        if (physical == physicalPage) {
          forbid(slot, readsToo);
        }
      }
    }
    if (!there) {
      traces[trace / Long.SIZE] &= ~(1L << trace);
    }
  }

  /** Forbids direct access to a page by its linear address, keeping its translation. */
  void revoke(long linearPage) {
    int slot = slot(linearPage);
    if (page(slot) == linearPage) {
      put(slot, READ_TAG, empty(slot));
      put(slot, WRITE_TAG, empty(slot));
    }
  }

  /** Forbids all direct access, keeping translations. */
  void revokeAll() {
    if (reads || writes) {
      forbid(true);
      reads = false;
      writes = false;
    }
  }
}
