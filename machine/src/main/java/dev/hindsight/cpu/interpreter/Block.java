package dev.hindsight.cpu.interpreter;

import dev.hindsight.bus.PhysicalMemory;
import org.jspecify.annotations.Nullable;

/** Instructions that follow one another, decoded. */
final class Block {
  /** {@link #secondPage} of a block that lies in one page. */
  static final long NO_PAGE = -1;

  private final long physical;
  private final int mode;
  private final int length;
  private final Operation[] operations;
  private final long secondPage;
  private final boolean repeats;
  private final boolean cacheable;
  private final boolean endsInBranch;

  /** Next in the same bucket of the {@link BlockCache}. */
  @Nullable Block nextInBucket;

  /**
   * A block.
   *
   * @param physical physical address of its first byte
   * @param mode the {@link dev.hindsight.cpu.Vcpu#modeKey} it was decoded for
   * @param length bytes
   * @param secondPage physical address of the page that its only instruction reaches into, or
   *     {@link #NO_PAGE}
   * @param cacheable whether its bytes are in plain memory, so that changes are reported
   * @param endsInBranch whether its last instruction is a branch
   */
  Block(
      long physical,
      int mode,
      int length,
      Operation[] operations,
      long secondPage,
      boolean cacheable,
      boolean endsInBranch) {
    this.physical = physical;
    this.mode = mode;
    this.length = length;
    this.operations = operations;
    this.secondPage = secondPage;
    this.cacheable = cacheable;
    this.endsInBranch = endsInBranch;
    this.repeats = operations[0] instanceof RepeatOperation;
  }

  long physical() {
    return physical;
  }

  int mode() {
    return mode;
  }

  int length() {
    return length;
  }

  Operation[] operations() {
    return operations;
  }

  /** Whether it is a single repeated string instruction, each iteration of which is a step. */
  boolean repeats() {
    return repeats;
  }

  /** Whether it may be kept. */
  boolean isCacheable() {
    return cacheable;
  }

  /** Whether its last instruction is a branch, as performance counters count them. */
  boolean endsInBranch() {
    return endsInBranch;
  }

  long secondPage() {
    return secondPage;
  }

  /** Number of its bytes that lie in its first page. */
  int lengthInFirstPage() {
    int room = PhysicalMemory.PAGE_SIZE - (int) (physical & (PhysicalMemory.PAGE_SIZE - 1));
    return Math.min(length, room);
  }

  /** Whether it has bytes in a physical range within one page. */
  boolean overlaps(long address, int bytes) {
    int first = lengthInFirstPage();
    if (address < physical + first && address + bytes > physical) {
      return true;
    }
    return secondPage != NO_PAGE
        && address < secondPage + (length - first)
        && address + bytes > secondPage;
  }
}
