package dev.hindsight.cpu.code;

import java.util.ArrayList;
import java.util.List;

/** The blocks that have bytes in a physical page, and where in the page these are. */
final class CodePage<B extends CodeBlock> {
  private final List<B> blocks = new ArrayList<>();

  /** A bit for each 64 bytes of the page that hold some byte of a block. */
  private long chunks;

  void add(B block) {
    blocks.add(block);
  }

  /** Some block has bytes here. */
  void mark(int offset, int length) {
    chunks |= chunks(offset, length);
  }

  List<B> blocks() {
    return blocks;
  }

  /** Whether a range can hold a byte of a block. */
  boolean mayHold(int offset, int length) {
    return (chunks & chunks(offset, length)) != 0;
  }

  void remove(B block) {
    blocks.remove(block);
  }

  /** Whether there are no blocks left. */
  boolean isEmpty() {
    return blocks.isEmpty();
  }

  private static long chunks(int offset, int length) {
    int first = offset >>> 6;
    int last = (offset + length - 1) >>> 6;
    return (-1L << first) & (-1L >>> (63 - last));
  }
}
