package dev.hindsight.cpu.code;

import dev.hindsight.bus.MemoryListener;
import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.cpu.LongMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The decoded or translated blocks of a machine, by physical address and mode. It watches the pages
 * that they came from and drops a block as soon as a byte of it is written.
 *
 * @param <B> the engine's kind of block
 */
public final class CodeCache<B extends CodeBlock> implements MemoryListener {
  private static final int BUCKETS = 1 << 16;
  private static final long PAGE = -PhysicalMemory.PAGE_SIZE;

  /** Some hundred bytes each: about as much memory as the JVM needs for the rest. */
  private static final int MOST_BLOCKS = 1 << 18;

  private final PhysicalMemory memory;
  private final Runnable onDrop;
  private final int most;
  private final @Nullable CodeBlock[] buckets = new CodeBlock[BUCKETS];
  private final LongMap<CodePage<B>> pages = new LongMap<>();
  private final RewrittenCode rewritten;
  private final List<B> hit = new ArrayList<>();
  private int size;

  /**
   * An empty cache.
   *
   * @param onDrop called when blocks were dropped: the block being executed may be one of them
   */
  public CodeCache(PhysicalMemory memory, Runnable onDrop) {
    this(memory, onDrop, new RewrittenCode());
  }

  /**
   * An empty cache.
   *
   * @param rewritten is told what was written of which there were blocks
   */
  public CodeCache(PhysicalMemory memory, Runnable onDrop, RewrittenCode rewritten) {
    this(memory, onDrop, rewritten, MOST_BLOCKS);
  }

  /**
   * An empty cache.
   *
   * @param rewritten is told what was written of which there were blocks
   * @param most how many blocks it holds at most; one more, and it begins anew
   */
  public CodeCache(PhysicalMemory memory, Runnable onDrop, RewrittenCode rewritten, int most) {
    this.rewritten = rewritten;
    this.memory = memory;
    this.onDrop = onDrop;
    this.most = most;
    memory.addListener(this);
  }

  private static int bucket(long physical, int mode) {
    int h = (int) physical + mode * 0x9E37;
    return (h ^ (h >>> 14)) & (BUCKETS - 1);
  }

  /** The block that begins at an address, or null. */
  @SuppressWarnings("unchecked") // all blocks in the buckets came through add
  public @Nullable B find(long physical, int mode) {
    CodeBlock b = buckets[bucket(physical, mode)];
    while (b != null && (b.physical() != physical || b.mode() != mode)) {
      b = b.nextInBucket;
    }
    return (B) b;
  }

  /** Adds a block. */
  public void add(B block) {
    if (size == most) {
      allAccessRevoked();
    }
    size++;
    int bucket = bucket(block.physical(), block.mode());
    block.nextInBucket = buckets[bucket];
    buckets[bucket] = block;
    int first = block.lengthInFirstPage();
    page(block.physical()).add(block, (int) (block.physical() & ~PAGE), first);
    if (block.secondPage() != CodeBlock.NO_PAGE) {
      page(block.secondPage()).add(block, 0, block.length() - first);
    }
    forEachExtent(block, memory::protect);
  }

  private CodePage<B> page(long address) {
    CodePage<B> page = pages.get(address & PAGE);
    if (page == null) {
      page = new CodePage<>();
      pages.put(address & PAGE, page);
    }
    return page;
  }

  /** Calls back for the bytes that a block depends on, page by page. */
  private static void forEachExtent(CodeBlock block, Extents action) {
    char[] extents = block.extents();
    int first = block.lengthInFirstPage();
    for (int i = 0; i < extents.length; i += 2) {
      int start = extents[i];
      int end = extents[i + 1];
      if (start < Math.min(end, first)) {
        action.bytes(block.physical() + start, Math.min(end, first) - start);
      }
      int from = Math.max(start, first);
      if (from < end) {
        action.bytes(block.secondPage() + from - first, end - from);
      }
    }
  }

  /** Takes some bytes within a page. */
  private interface Extents {
    void bytes(long address, int length);
  }

  /** Drops a block. */
  public void remove(B block) {
    unlink(block);
    int first = block.lengthInFirstPage();
    forget(block, block.physical(), first);
    if (block.secondPage() != CodeBlock.NO_PAGE) {
      forget(block, block.secondPage(), block.length() - first);
    }
    forEachExtent(block, memory::release);
    block.drop();
    size--;
    onDrop.run();
  }

  private void unlink(B block) {
    int bucket = bucket(block.physical(), block.mode());
    CodeBlock b = buckets[bucket];
    if (b == block) {
      buckets[bucket] = block.nextInBucket;
      return;
    }
    while (b != null) {
      if (b.nextInBucket == block) {
        b.nextInBucket = block.nextInBucket;
        return;
      }
      b = b.nextInBucket;
    }
  }

  private void forget(B block, long address, int length) {
    CodePage<B> page = Objects.requireNonNull(pages.get(address & PAGE));
    page.remove(block, (int) (address & ~PAGE), length);
    if (page.isEmpty()) {
      pages.remove(address & PAGE);
    }
  }

  @Override
  public void written(long address, int length) {
    if (removeAt(address, length)) {
      rewritten.written(address, length);
    }
  }

  /** Drops the blocks that have some of these bytes; false if there are none. */
  private boolean removeAt(long address, int length) {
    CodePage<B> page = pages.get(address & PAGE);
    if (page == null) {
      return false;
    }
    hit.clear();
    page.collect(address, length, hit);
    for (int i = 0; i < hit.size(); i++) {
      // it may be there more than once
      if (!hit.get(i).isDropped()) {
        remove(hit.get(i));
      }
    }
    return !hit.isEmpty();
  }

  @Override
  public void writeAccessRevoked() {}

  @Override
  public void writeAccessRevoked(long page) {}

  @Override
  public void pageMoved(long page) {}

  @Override
  public void pageReplaced(long page) {
    boolean _ = removeAt(page << PhysicalMemory.PAGE_SHIFT, PhysicalMemory.PAGE_SIZE);
  }

  @Override
  public void addressesRevoked() {}

  @Override
  public void allAccessRevoked() {
    for (CodeBlock b : buckets) {
      for (; b != null; b = b.nextInBucket) {
        forEachExtent(b, memory::release);
        b.drop();
      }
    }
    Arrays.fill(buckets, null);
    pages.clear();
    size = 0;
    onDrop.run();
  }
}
