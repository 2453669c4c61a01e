package dev.hindsight.bus;

import java.util.HashMap;
import java.util.Map;

/** How many watches of each kind a page has. */
final class WatchTable {
  private static final int PAGES_PER_CHUNK = 512;
  private static final int KINDS = PhysicalMemory.Watch.values().length;
  private static final int[] NO_WATCHES = {};

  /** Chunks by page number / 512; looked up by key only, so its order never shows. */
  private final Map<Long, int[]> chunks = new HashMap<>();

  private long lastKey = -1;
  private int[] lastChunk = NO_WATCHES;

  /** Adds a watch; true if the page had none of any kind. */
  boolean add(long page, PhysicalMemory.Watch kind) {
    boolean first = !any(page);
    int[] chunk =
        chunks.computeIfAbsent(page / PAGES_PER_CHUNK, k -> new int[PAGES_PER_CHUNK * KINDS]);
    lastKey = page / PAGES_PER_CHUNK;
    lastChunk = chunk;
    chunk[index(page, kind)]++;
    return first;
  }

  /** Takes a watch back. */
  void remove(long page, PhysicalMemory.Watch kind) {
    int[] chunk = chunk(page);
    if (chunk.length == 0 || chunk[index(page, kind)] == 0) {
      throw new IllegalStateException(
          "page 0x" + Long.toHexString(page) + " has no watch of kind " + kind);
    }
    chunk[index(page, kind)]--;
  }

  boolean has(long page, PhysicalMemory.Watch kind) {
    int[] chunk = chunk(page);
    return chunk.length != 0 && chunk[index(page, kind)] != 0;
  }

  boolean any(long page) {
    int[] chunk = chunk(page);
    if (chunk.length == 0) {
      return false;
    }
    int at = (int) (page % PAGES_PER_CHUNK) * KINDS;
    for (int i = 0; i < KINDS; i++) {
      if (chunk[at + i] != 0) {
        return true;
      }
    }
    return false;
  }

  private int[] chunk(long page) {
    long key = page / PAGES_PER_CHUNK;
    if (key != lastKey) {
      lastKey = key;
      lastChunk = chunks.getOrDefault(key, NO_WATCHES);
    }
    return lastChunk;
  }

  private static int index(long page, PhysicalMemory.Watch kind) {
    return (int) (page % PAGES_PER_CHUNK) * KINDS + kind.ordinal();
  }
}
