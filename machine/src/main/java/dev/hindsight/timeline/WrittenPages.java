package dev.hindsight.timeline;

import dev.hindsight.board.Machine;
import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.cpu.Stops;
import dev.hindsight.memory.RamSnapshot;
import java.util.HashSet;
import java.util.Set;

/**
 * Tells from what is shared by two snapshots that nothing in between can have been a stop: all that
 * is looked for are writes to pages of RAM, and none of these was written, be it with the same
 * value.
 */
final class WrittenPages {
  private static final long MOST_PAGES = 1 << 16;

  private final boolean applies;
  private final long[] pages;

  private WrittenPages(boolean applies, Set<Long> pages) {
    this.applies = applies;
    this.pages = pages.stream().mapToLong(Long::longValue).sorted().toArray();
  }

  /** For stops of a machine, with its memory mapped as it is at present. */
  static WrittenPages of(Stops stops, Machine machine) {
    Set<Long> pages = new HashSet<>();
    boolean applies = stops.code().isEmpty() && stops.events().isEmpty();
    for (Stops.Range r : stops.ranges()) {
      applies &= r.physical() && r.access() == Stops.Access.WRITE && add(r, machine, pages);
    }
    return new WrittenPages(applies, pages);
  }

  private static boolean add(Stops.Range r, Machine machine, Set<Long> pages) {
    long first = r.start() >>> PhysicalMemory.PAGE_SHIFT;
    long last = r.start() + r.length() - 1 >>> PhysicalMemory.PAGE_SHIFT;
    if (last - first >= MOST_PAGES) {
      return false;
    }
    for (long p = first; p <= last; p++) {
      long page = machine.memory().pageOf(machine.ram(), p);
      if (page < 0) {
        return false;
      }
      pages.add(page);
    }
    return true;
  }

  /** Whether nothing that is looked for can have happened between two instants of a run. */
  boolean isUnwritten(RamSnapshot earlier, RamSnapshot later) {
    if (!applies) {
      return false;
    }
    for (long page : pages) {
      if (earlier.readAddress(page) != later.readAddress(page)) {
        return false;
      }
    }
    return true;
  }
}
