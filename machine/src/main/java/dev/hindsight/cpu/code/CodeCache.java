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
  private int size;

  /**
   * An empty cache.
   *
   * @param onDrop called when blocks were dropped: the block being executed may be one of them
   */
  public CodeCache(PhysicalMemory memory, Runnable onDrop) {
    this(memory, onDrop, MOST_BLOCKS);
  }

  /**
   * An empty cache.
   *
   * @param most how many blocks it holds at most; one more, and it begins anew
   */
  public CodeCache(PhysicalMemory memory, Runnable onDrop, int most) {
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
    note(block, block.physical(), first);
    if (block.secondPage() != CodeBlock.NO_PAGE) {
      note(block, block.secondPage(), block.length() - first);
    }
  }

  private void note(B block, long address, int length) {
    CodePage<B> page = pages.get(address & PAGE);
    if (page == null) {
      page = new CodePage<>();
      pages.put(address & PAGE, page);
    }
    page.add(block, (int) (address & ~PAGE), length);
    memory.protect(address, length);
  }

  /** Drops a block. */
  public void remove(B block) {
    unlink(block);
    int first = block.lengthInFirstPage();
    forget(block, block.physical(), first);
    if (block.secondPage() != CodeBlock.NO_PAGE) {
      forget(block, block.secondPage(), block.length() - first);
    }
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
    page.remove(block);
    if (page.isEmpty()) {
      pages.remove(address & PAGE);
    }
    memory.release(address, length);
  }

  @Override
  public void written(long address, int length) {
    CodePage<B> page = pages.get(address & PAGE);
    if (page == null || !page.mayHold((int) (address & ~PAGE), length)) {
      return;
    }
    List<B> hit = new ArrayList<>();
    for (B b : page.blocks()) {
      if (b.overlaps(address, length)) {
        hit.add(b);
      }
    }
    for (B b : hit) {
      // one that reaches from a page into the same page is there twice
      if (!b.isDropped()) {
        remove(b);
      }
    }
  }

  @Override
  public void writeAccessRevoked() {}

  @Override
  public void writeAccessRevoked(long page) {}

  @Override
  public void pageMoved(long page) {}

  @Override
  public void pageReplaced(long page) {
    written(page << PhysicalMemory.PAGE_SHIFT, PhysicalMemory.PAGE_SIZE);
  }

  @Override
  public void addressesRevoked() {}

  @Override
  public void allAccessRevoked() {
    for (CodeBlock b : buckets) {
      for (; b != null; b = b.nextInBucket) {
        int first = b.lengthInFirstPage();
        memory.release(b.physical(), first);
        if (b.secondPage() != CodeBlock.NO_PAGE) {
          memory.release(b.secondPage(), b.length() - first);
        }
        b.drop();
      }
    }
    Arrays.fill(buckets, null);
    pages.clear();
    size = 0;
    onDrop.run();
  }
}
