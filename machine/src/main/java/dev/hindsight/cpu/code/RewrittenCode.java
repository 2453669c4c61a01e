package dev.hindsight.cpu.code;

import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.cpu.LongMap;

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

  /** Within so many bytes from where a block begins it is looked whether they were written. */
  private static final int NEAR = 16;

  private static final long PAGE = -PhysicalMemory.PAGE_SIZE;

  private final LongMap<Page> pages = new LongMap<>();

  /**
   * What is known of a page.
   *
   * @param times how often each byte was written
   * @param executions how often the block that begins there was executed since
   */
  private record Page(byte[] times, byte[] executions) {}

  /** Nothing yet. */
  public RewrittenCode() {}

  /** Bytes within a page, of which there were blocks, have been written. */
  void written(long address, int length) {
    if (length > MOST_BYTES) {
      return;
    }
    Page page = pages.get(address & PAGE);
    if (page == null) {
      if (pages.size() == MOST_PAGES) {
        pages.clear();
      }
      page = new Page(new byte[PhysicalMemory.PAGE_SIZE], new byte[PhysicalMemory.PAGE_SIZE]);
      pages.put(address & PAGE, page);
    }
    int first = (int) (address & ~PAGE);
    for (int i = first; i < first + length; i++) {
      page.executions[i] = 0;
      if (page.times[i] != MOST_TIMES) {
        page.times[i]++;
      }
    }
  }

  /** How often the one of these bytes was written that was most often; they lie in one page. */
  public int times(long address, int length) {
    Page page = pages.get(address & PAGE);
    return page == null ? 0 : times(page, (int) (address & ~PAGE), length);
  }

  private static int times(Page page, int first, int length) {
    int most = 0;
    for (int i = first; i < first + length; i++) {
      most = Math.max(most, page.times[i]);
    }
    return most;
  }

  /**
   * Whether code is about to be executed that was rewritten, and has been executed a few times only
   * since: it may be rewritten before it has been worth the while to translate it.
   *
   * @param address where a block begins
   * @param few how often it is executed until it is worth the while, at most 127
   * @return true so many times, then once false, and so on
   */
  public boolean isYoung(long address, int few) {
    Page page = pages.get(address & PAGE);
    if (page == null) {
      return false;
    }
    int first = (int) (address & ~PAGE);
    byte executed = page.executions[first];
    if (executed == few) {
      page.executions[first] = 0;
      return false;
    }
    if (executed == 0
        && times(page, first, Math.min(NEAR, PhysicalMemory.PAGE_SIZE - first)) == 0) {
      return false;
    }
    page.executions[first]++;
    return true;
  }

  /** Whether {@link #isYoung} has said so of a block, and not yet that it is not any more. */
  public boolean isKnownYoung(long address, int few) {
    Page page = pages.get(address & PAGE);
    return page != null && page.executions[(int) (address & ~PAGE)] != 0 && isYoung(address, few);
  }

  /** Forgets everything. */
  public void clear() {
    pages.clear();
  }
}
