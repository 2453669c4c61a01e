package dev.hindsight.cpu.code;

import dev.hindsight.bus.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The blocks that have bytes in a physical page, by where in the page these are. */
final class CodePage<B extends CodeBlock> {
  private static final int CHUNK_SHIFT = 6;

  /** For each 64 bytes of the page, the blocks that have some of these. */
  private final @Nullable List<B>[] chunks;

  private int entries;

  @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of generic types
  CodePage() {
    chunks = new List[PhysicalMemory.PAGE_SIZE >>> CHUNK_SHIFT];
  }

  /** Adds a block that has these bytes of the page. */
  void add(B block, int offset, int length) {
    for (int i = offset >>> CHUNK_SHIFT; i <= offset + length - 1 >>> CHUNK_SHIFT; i++) {
      List<B> chunk = chunks[i];
      if (chunk == null) {
        chunk = new ArrayList<>();
        chunks[i] = chunk;
      }
      chunk.add(block);
      entries++;
    }
  }

  /** Removes a block that was added with these bytes. */
  void remove(B block, int offset, int length) {
    for (int i = offset >>> CHUNK_SHIFT; i <= offset + length - 1 >>> CHUNK_SHIFT; i++) {
      List<B> chunk = chunks[i];
      if (chunk != null && chunk.remove(block)) {
        entries--;
      }
    }
  }

  /** Collects the blocks that depend on bytes of a physical range in this page. */
  void collect(long address, int length, List<B> into) {
    int offset = (int) address & PhysicalMemory.PAGE_SIZE - 1;
    for (int i = offset >>> CHUNK_SHIFT; i <= offset + length - 1 >>> CHUNK_SHIFT; i++) {
      List<B> chunk = chunks[i];
      if (chunk == null) {
        continue;
      }
      for (int n = 0; n < chunk.size(); n++) {
        B block = chunk.get(n);
        if (block.overlaps(address, length)) {
          into.add(block);
        }
      }
    }
  }

  /** Whether there are no blocks left. */
  boolean isEmpty() {
    return entries == 0;
  }
}
