package dev.hindsight.memory;

import java.util.Objects;
import java.util.function.LongConsumer;

/**
 * The contents of a {@link GuestRam} at an instant. It shares its pages with the RAM and with other
 * snapshots, and keeps them from being freed until it is closed.
 *
 * <p>It and all RAMs and snapshots that descend from one another are used by one thread at a time.
 */
public final class RamSnapshot implements AutoCloseable {
  private final PageTree tree;
  private final long pages;
  private final long epoch;
  private boolean closed;

  RamSnapshot(PageTree tree, long pages, long epoch) {
    this.tree = tree;
    this.pages = pages;
    this.epoch = epoch;
  }

  /** Size of the RAM in pages of 4 KiB. */
  public long pages() {
    return pages;
  }

  /**
   * The mark that the snapshot made: pages for which {@link GuestRam#writtenSince} tells of writes
   * after the snapshot.
   */
  public long mark() {
    return epoch;
  }

  /**
   * Host address of a page of the snapshot, valid while it is open; for reading only.
   *
   * @param page page number, from 0
   */
  public long readAddress(long page) {
    return open().readAddress(Objects.checkIndex(page, pages));
  }

  /** Hash of the contents: equals {@link GuestRam#hash} of a RAM with the same contents. */
  public long hash() {
    return open().hash();
  }

  /** Another snapshot of the same contents, to be closed on its own. */
  public RamSnapshot share() {
    return new RamSnapshot(open().share(), pages, epoch);
  }

  /** Calls back, in ascending order, for each page that was ever written. */
  public void touchedPages(LongConsumer action) {
    open().writtenSince(0, action);
  }

  /**
   * Calls back, in ascending order, for each page that this snapshot and another do not share: it
   * was written in between, with equal values or others. Snapshots of unrelated RAMs share nothing
   * but untouched pages.
   */
  public void differences(RamSnapshot other, LongConsumer action) {
    PageTree.differences(open(), other.open(), action);
  }

  PageTree open() {
    if (closed) {
      throw new IllegalStateException("snapshot is closed");
    }
    return tree;
  }

  /** Gives up the pages that nobody else has; a second call does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      tree.close();
    }
  }
}
