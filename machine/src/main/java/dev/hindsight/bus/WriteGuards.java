package dev.hindsight.bus;

import dev.hindsight.memory.HostMemory;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The guards of the pages that hold code, by page number. */
final class WriteGuards {
  /** 34 MB of them. */
  private static final int MOST = 1 << 13;

  /** Guards that are allocated at once. */
  private static final int CHUNK = 64;

  /** The memory is given back when nobody refers to the guards any more. */
  private final Arena arena = Arena.ofAuto();

  private final int most;
  private final List<Long> chunks = new ArrayList<>();
  private final List<Long> free = new ArrayList<>();

  private final List<WriteGuard> live = new ArrayList<>();

  /** Looked up by key only, so its order never shows. */
  private final Map<Long, WriteGuard> guards = new HashMap<>();

  private int used;
  private long lastPage = -1;
  private @Nullable WriteGuard last;

  WriteGuards() {
    this(MOST);
  }

  /** So many guards at most. */
  WriteGuards(int most) {
    this.most = most;
  }

  /** The guard of a page, or null. */
  @Nullable WriteGuard get(long page) {
    if (page != lastPage) {
      lastPage = page;
      last = guards.get(page);
    }
    return last;
  }

  /** Whether there cannot be more. */
  boolean isFull() {
    return free.isEmpty() && used == most;
  }

  /** Makes the guard of a page that has none; there must be room. */
  WriteGuard make(long page) {
    long address;
    if (free.isEmpty()) {
      if (used == chunks.size() * CHUNK) {
        chunks.add(HostMemory.allocate(arena, (long) CHUNK * WriteGuard.BYTES));
      }
      address = chunks.get(used / CHUNK) + (long) (used % CHUNK) * WriteGuard.BYTES;
      used++;
    } else {
      address = free.removeLast();
      HostMemory.fill(address, WriteGuard.BYTES, (byte) 0);
    }
    WriteGuard guard = new WriteGuard(page, address);
    live.add(guard);
    guards.put(page, guard);
    lastPage = page;
    last = guard;
    return guard;
  }

  /** Forgets the guards of pages without code: nobody may look at them any more. */
  void sweep() {
    live.removeIf(guard -> {
      if (guard.isIdle()) {
        guards.remove(guard.page());
        free.add(guard.address());
      }
      return guard.isIdle();
    });
    lastPage = -1;
    last = null;
  }
}
