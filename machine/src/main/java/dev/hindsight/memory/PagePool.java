package dev.hindsight.memory;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Counted 4 KiB pages, carved out of slabs of off-heap memory.
 *
 * <p>A slab is 2 MiB long and aligned to its length, so that the count of a page is found from its
 * address alone: the first page of a slab is not given out but holds one {@code int} per page.
 * Slabs that become empty go back to the host, except a few that are kept for the next request.
 *
 * <p>A pool is used by one thread at a time.
 */
final class PagePool {
  static final int PAGE_BYTES = 4096;
  private static final long SLAB_BYTES = 2L << 20;
  private static final int PAGES_PER_SLAB = (int) (SLAB_BYTES / PAGE_BYTES) - 1;
  private static final int SPARE_SLABS = 4;

  /** Slabs in the order of their allocation; a freed one leaves null behind. */
  private final List<Slab> slabs = new ArrayList<>();

  /** Slabs that have a free page: the last one is served first. */
  private final List<Slab> open = new ArrayList<>();

  private final Arena zeroArena = Arena.ofShared();
  private final long zeroPage = HostMemory.allocate(zeroArena, PAGE_BYTES);
  private int emptySlabs;
  private long live;
  private int trees;

  /** The page of zeros that stands for every page that nobody has written. Never written, ever. */
  long zeroPage() {
    return zeroPage;
  }

  /** Pages that are in use now. */
  long livePages() {
    return live;
  }

  /** Bytes taken from the host for pages and their counts. */
  long hostBytes() {
    return slabs.size() * SLAB_BYTES;
  }

  /**
   * Takes a page, with a count of one and with any contents.
   *
   * @return its host address
   */
  long allocate() {
    if (open.isEmpty()) {
      Slab slab = new Slab(slabs.size());
      slabs.add(slab);
      open.add(slab);
      emptySlabs++;
    }
    Slab slab = open.getLast();
    if (slab.used() == 0) {
      emptySlabs--;
    }
    long page = slab.take();
    if (slab.used() == PAGES_PER_SLAB) {
      open.removeLast();
    }
    HostMemory.putInt(countAddress(page), 1);
    live++;
    return page;
  }

  /** How many owners a page has. */
  int count(long page) {
    return HostMemory.getInt(countAddress(page));
  }

  /** Adds an owner. */
  void retain(long page) {
    long at = countAddress(page);
    HostMemory.putInt(at, HostMemory.getInt(at) + 1);
  }

  /** Takes an owner away; the page is free when the last one goes. */
  void release(long page) {
    long at = countAddress(page);
    int count = HostMemory.getInt(at) - 1;
    if (count < 0) {
      throw new IllegalStateException("page released more often than retained");
    }
    HostMemory.putInt(at, count);
    if (count == 0) {
      free(page);
    }
  }

  /** A tree (a RAM or a snapshot) begins to use this pool. */
  void opened() {
    trees++;
  }

  /** A tree has ended; with the last one the pool gives everything back to the host. */
  void closed() {
    trees--;
    if (trees == 0) {
      if (live != 0) {
        throw new IllegalStateException(live + " pages leaked");
      }
      slabs.forEach(Slab::close);
      slabs.clear();
      open.clear();
      zeroArena.close();
    }
  }

  private void free(long page) {
    live--;
    Slab slab = slabs.get(HostMemory.getInt(slabAddress(page)));
    if (slab.used() == PAGES_PER_SLAB) {
      open.add(slab);
    }
    slab.give(page);
    if (slab.used() == 0) {
      emptySlabs++;
      if (emptySlabs > SPARE_SLABS) {
        emptySlabs--;
        drop(slab);
      }
    }
  }

  /** Gives a slab back to the host; the last slab takes its number. */
  private void drop(Slab slab) {
    open.remove(slab);
    Slab last = slabs.removeLast();
    if (last != slab) {
      last.renumber(slab.number);
      slabs.set(slab.number, last);
    }
    slab.close();
  }

  private static long slabAddress(long page) {
    return page & -SLAB_BYTES;
  }

  private static long countAddress(long page) {
    return (page & -SLAB_BYTES) + ((page & (SLAB_BYTES - 1)) >>> 12 << 2);
  }

  /** Number 0 of the counts belongs to the page that holds them: it is the slab's number. */
  private static final class Slab {
    private final Arena arena = Arena.ofShared();
    private final long base = arena.allocate(SLAB_BYTES, SLAB_BYTES).address();
    private final short[] free = new short[PAGES_PER_SLAB];
    private int freeCount = PAGES_PER_SLAB;
    private int number;

    Slab(int number) {
      for (int i = 0; i < PAGES_PER_SLAB; i++) {
        free[i] = (short) (PAGES_PER_SLAB - i);
      }
      renumber(number);
    }

    void renumber(int value) {
      number = value;
      HostMemory.putInt(base, value);
    }

    int used() {
      return PAGES_PER_SLAB - freeCount;
    }

    long take() {
      freeCount--;
      return base + (long) free[freeCount] * PAGE_BYTES;
    }

    void give(long page) {
      free[freeCount] = (short) ((page - base) / PAGE_BYTES);
      freeCount++;
    }

    void close() {
      arena.close();
    }

    @Override
    public String toString() {
      return "slab " + number + " " + Arrays.toString(free);
    }
  }
}
