package dev.hindsight.cpu.code;

import dev.hindsight.bus.PhysicalMemory;
import org.jspecify.annotations.Nullable;

/** Instructions that follow one another, as an engine keeps them. */
public abstract class CodeBlock {
  /** {@link #secondPage} of a block that lies in one page. */
  public static final long NO_PAGE = -1;

  /** {@link #physical} of a block that was dropped. */
  private static final long DROPPED = Long.MIN_VALUE;

  private long physical;
  private final int mode;
  private final int length;
  private final long secondPage;
  private final char[] extents;

  /** Next in the same bucket of the {@link CodeCache}. */
  @Nullable CodeBlock nextInBucket;

  /**
   * A block.
   *
   * @param physical physical address of its first byte
   * @param mode the {@link dev.hindsight.cpu.Vcpu#modeKey} it was decoded for
   * @param length bytes
   * @param secondPage physical address of the page that its last instruction reaches into, or
   *     {@link #NO_PAGE}
   */
  protected CodeBlock(long physical, int mode, int length, long secondPage) {
    this(physical, mode, secondPage, new char[] {0, (char) length});
  }

  /**
   * A block that does not depend on all of its bytes, because it reads some as it is executed.
   *
   * @param extents pairs of offsets: where bytes begin that it depends on, and where they end. It
   *     begins with such, and ends where the last end
   */
  protected CodeBlock(long physical, int mode, long secondPage, char[] extents) {
    this.physical = physical;
    this.mode = mode;
    this.length = extents[extents.length - 1];
    this.secondPage = secondPage;
    this.extents = extents;
  }

  /** Physical address of its first byte; one that fits nothing once it was dropped. */
  public final long physical() {
    return physical;
  }

  /** The {@link dev.hindsight.cpu.Vcpu#modeKey} it was decoded for. */
  public final int mode() {
    return mode;
  }

  /** Bytes. */
  public final int length() {
    return length;
  }

  /** Physical address of the page that its last instruction reaches into, or {@link #NO_PAGE}. */
  public final long secondPage() {
    return secondPage;
  }

  /** Says that its bytes have changed: it must not be executed any more. */
  public void drop() {
    physical = DROPPED;
  }

  /** Whether it was dropped. */
  public final boolean isDropped() {
    return physical == DROPPED;
  }

  /** Number of its bytes that lie in its first page. */
  public final int lengthInFirstPage() {
    int room = PhysicalMemory.PAGE_SIZE - (int) (physical & (PhysicalMemory.PAGE_SIZE - 1));
    return Math.min(length, room);
  }

  /** Pairs of offsets: where bytes begin that it depends on, and where they end. */
  final char[] extents() {
    return extents;
  }

  /** Whether it depends on bytes in a physical range within one page. */
  final boolean overlaps(long address, int bytes) {
    int first = lengthInFirstPage();
    for (int i = 0; i < extents.length; i += 2) {
      int start = extents[i];
      int end = extents[i + 1];
      if (address < physical + Math.min(end, first) && address + bytes > physical + start
          || secondPage != NO_PAGE
              && address < secondPage + (end - first)
              && address + bytes > secondPage + Math.max(0, start - first)) {
        return true;
      }
    }
    return false;
  }
}
