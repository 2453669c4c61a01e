package dev.hindsight.translator;

import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.cpu.LongMap;
import dev.hindsight.memory.HostMemory;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * Where indirect transfers find blocks: for each physical page with translated code, in each mode,
 * a table with four bytes for each byte of the page. They are the offset of the code in the code
 * memory, or 0.
 */
final class EntryTables {
  /** Bytes of a table. */
  private static final int BYTES = PhysicalMemory.PAGE_SIZE * Integer.BYTES;

  /** Tables that are allocated at once. */
  private static final int CHUNK = 64;

  private static final int MODE_BITS = 6;

  private final Arena arena = Arena.ofAuto();
  private final LongMap<Long> tables = new LongMap<>();
  private final List<Long> chunks = new ArrayList<>();
  private int used;

  /** Number of tables in use. */
  int size() {
    return used;
  }

  private static long key(long page, int mode) {
    return page << MODE_BITS | mode;
  }

  /** Host address of the table of a page, which is made if there is none. */
  long table(long physical, int mode) {
    long key = key(physical >>> PhysicalMemory.PAGE_SHIFT, mode);
    Long known = tables.get(key);
    if (known != null) {
      return known;
    }
    if (used == chunks.size() * CHUNK) {
      chunks.add(HostMemory.allocate(arena, (long) CHUNK * BYTES));
    }
    long table = chunks.get(used / CHUNK) + (long) (used % CHUNK) * BYTES;
    used++;
    tables.put(key, table);
    return table;
  }

  /** Says where the code for a physical address is; 0 if there is none any more. */
  void put(long physical, int mode, int offset) {
    int within = (int) physical & PhysicalMemory.PAGE_SIZE - 1;
    HostMemory.putInt(table(physical, mode) + (long) within * Integer.BYTES, offset);
  }

  /** Forgets everything. */
  void clear() {
    tables.clear();
    for (long chunk : chunks) {
      HostMemory.fill(chunk, (long) CHUNK * BYTES, (byte) 0);
    }
    used = 0;
  }
}
