package dev.hindsight.cpu.code;

import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.cpu.LongMap;
import org.jspecify.annotations.Nullable;

/**
 * How often bytes were written of which there were blocks, by physical address: what tells code
 * that is rewritten again and again from pages that hold something else now. Nothing depends on it
 * but how fast code is.
 */
public final class RewrittenCode {
  /** A transfer of more bytes at once brings other code, or data. */
  private static final int MOST_BYTES = 64;

  /** Pages that are kept: 4 KiB each. */
  private static final int MOST_PAGES = 1 << 10;

  private static final int MOST_TIMES = Byte.MAX_VALUE;
  private static final long PAGE = -PhysicalMemory.PAGE_SIZE;

  private final LongMap<byte[]> pages = new LongMap<>();

  /** Nothing yet. */
  public RewrittenCode() {}

  /** Bytes within a page, of which there were blocks, have been written. */
  void written(long address, int length) {
    if (length > MOST_BYTES) {
      return;
    }
    byte @Nullable [] times = pages.get(address & PAGE);
    if (times == null) {
      if (pages.size() == MOST_PAGES) {
        pages.clear();
      }
      times = new byte[PhysicalMemory.PAGE_SIZE];
      pages.put(address & PAGE, times);
    }
    int first = (int) (address & ~PAGE);
    for (int i = first; i < first + length; i++) {
      if (times[i] != MOST_TIMES) {
        times[i]++;
      }
    }
  }

  /** How often the one of these bytes was written that was most often; they lie in one page. */
  public int times(long address, int length) {
    byte @Nullable [] times = pages.get(address & PAGE);
    if (times == null) {
      return 0;
    }
    int first = (int) (address & ~PAGE);
    int most = 0;
    for (int i = first; i < first + length; i++) {
      most = Math.max(most, times[i]);
    }
    return most;
  }

  /** Forgets everything. */
  public void clear() {
    pages.clear();
  }
}
