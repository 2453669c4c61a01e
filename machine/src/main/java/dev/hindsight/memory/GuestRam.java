package dev.hindsight.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongConsumer;

/**
 * Guest RAM: pages of 4 KiB off the Java heap, zero until written.
 *
 * <p>Users read and write through host addresses of pages. To read they ask {@link #readAddress};
 * to write they ask {@link #writeAddress}, which makes the page private to this RAM (copying it if
 * a snapshot or a fork shares it) and marks it as written. They may keep what they were given until
 * {@link RamObserver} tells them otherwise. All that this class promises rests on one thing: nobody
 * writes through an address that was revoked.
 *
 * <ul>
 *   <li>{@link #snapshot} costs the same whatever the size: pages are shared, write access is
 *       revoked, and each page is copied when it is next written.
 *   <li>{@link #restore} makes a snapshot the contents again; {@link #GuestRam(RamSnapshot)} is a
 *       fork.
 *   <li>{@link #mark} and {@link #writtenSince} tell which pages were written in between.
 *   <li>{@link #hash} looks only at pages that were written since it was last asked.
 * </ul>
 *
 * <p>A RAM, its snapshots and its forks are used by one thread at a time. Pages are counted
 * exactly: when the last RAM and the last snapshot of a family are closed, everything is back with
 * the host.
 */
public final class GuestRam implements AutoCloseable {
  /** Bytes in a page. */
  public static final int PAGE_BYTES = PagePool.PAGE_BYTES;

  private final PagePool pool;
  private final long pages;
  private final List<RamObserver> observers = new ArrayList<>();
  private PageTree tree;
  private long epoch;
  private boolean closed;

  /**
   * RAM full of zeros.
   *
   * @param bytes its size, a multiple of 4096, at least 4096
   */
  public GuestRam(long bytes) {
    if (bytes < PAGE_BYTES || bytes % PAGE_BYTES != 0) {
      throw new IllegalArgumentException("not a whole number of pages: " + bytes);
    }
    pool = new PagePool();
    pages = bytes / PAGE_BYTES;
    tree = new PageTree(pool, pages);
    epoch = 1;
  }

  /** RAM with the contents of a snapshot, which stays as it is. */
  public GuestRam(RamSnapshot origin) {
    tree = origin.open().share();
    pool = tree.pool();
    pages = origin.pages();
    epoch = origin.mark();
  }

  /** Size in bytes. */
  public long bytes() {
    return pages * PAGE_BYTES;
  }

  /** Size in pages of 4 KiB. */
  public long pages() {
    return pages;
  }

  /** Adds somebody to be told when addresses become void. */
  public void addObserver(RamObserver observer) {
    observers.add(observer);
  }

  /**
   * Host address of a page for reading. Pages that were never written share one page of zeros.
   *
   * @param page page number, from 0
   */
  public long readAddress(long page) {
    return tree.readAddress(Objects.checkIndex(page, pages));
  }

  /**
   * Host address of a page for reading and writing. The page counts as written from now on, until a
   * snapshot, mark or hash revokes the access.
   *
   * @param page page number, from 0
   */
  public long writeAddress(long page) {
    long before = tree.readAddress(Objects.checkIndex(page, pages));
    long address = tree.writeAddress(page, epoch);
    if (address != before) {
      for (RamObserver o : observers) {
        o.pageMoved(page);
      }
    }
    return address;
  }

  /** Copies bytes out; the range must lie within the RAM. */
  public void read(long address, byte[] into, int offset, int length) {
    Objects.checkFromIndexSize(address, length, bytes());
    for (int done = 0; done < length; ) {
      int chunk = chunk(address + done, length - done);
      long from = readAddress((address + done) / PAGE_BYTES) + (address + done) % PAGE_BYTES;
      HostMemory.copyOut(from, into, offset + done, chunk);
      done += chunk;
    }
  }

  /** Copies bytes in; the range must lie within the RAM. */
  public void write(long address, byte[] from, int offset, int length) {
    Objects.checkFromIndexSize(address, length, bytes());
    for (int done = 0; done < length; ) {
      int chunk = chunk(address + done, length - done);
      long to = writeAddress((address + done) / PAGE_BYTES) + (address + done) % PAGE_BYTES;
      HostMemory.copyIn(from, offset + done, to, chunk);
      done += chunk;
    }
  }

  private static int chunk(long address, int rest) {
    return (int) Math.min(rest, PAGE_BYTES - address % PAGE_BYTES);
  }

  /** The contents of this instant. */
  public RamSnapshot snapshot() {
    long mark = mark();
    return new RamSnapshot(tree.share(), pages, mark);
  }

  /**
   * Becomes what a snapshot of this RAM, or of one it is related to, holds. What was written after
   * the snapshot is forgotten, for {@link #writtenSince} too: marks made after it mean nothing.
   */
  public void restore(RamSnapshot snapshot) {
    PageTree next = snapshot.open().share();
    if (next.pool() != pool || snapshot.pages() != pages) {
      next.close();
      throw new IllegalArgumentException("snapshot of an unrelated memory");
    }
    epoch = Math.max(epoch, snapshot.mark()) + 1;
    PageTree previous = tree;
    tree = next;
    for (RamObserver o : observers) {
      PageTree.differences(previous, next, o::pageReplaced);
      o.addressesRevoked();
    }
    previous.close();
  }

  /**
   * Takes the contents of any snapshot of the same size: shares its pages as {@link #restore} does
   * if it is related, and copies them otherwise.
   */
  public void become(RamSnapshot snapshot) {
    if (snapshot.open().pool() == pool) {
      restore(snapshot);
      return;
    }
    if (snapshot.pages() != pages) {
      throw new IllegalArgumentException("snapshot of a memory of another size");
    }
    PageTree next = new PageTree(pool, pages);
    snapshot
        .open()
        .writtenSince(
            0,
            page ->
                HostMemory.copy(
                    snapshot.readAddress(page), next.writeAddress(page, epoch), PAGE_BYTES));
    replace(next);
  }

  /**
   * Becomes a copy of a snapshot of an unrelated RAM, given that it is a copy of another one.
   *
   * @param from a snapshot that has the contents that this RAM has now
   * @param to a snapshot that is related to that one; both are only read
   */
  public void follow(RamSnapshot from, RamSnapshot to) {
    from.differences(
        to,
        page -> {
          HostMemory.copy(to.readAddress(page), writeAddress(page), PAGE_BYTES);
          for (RamObserver o : observers) {
            o.pageReplaced(page);
          }
        });
  }

  private void replace(PageTree next) {
    PageTree previous = tree;
    tree = next;
    for (RamObserver o : observers) {
      o.contentsReplaced();
    }
    previous.close();
  }

  /** Begins a new span of time for {@link #writtenSince} and revokes write access. */
  public long mark() {
    epoch++;
    revokeWriteAccess();
    return epoch;
  }

  /**
   * Calls back, in ascending order, for each page to which write access was asked for since a mark:
   * every page that was written is among them, even where the bytes stayed equal.
   */
  public void writtenSince(long mark, LongConsumer action) {
    tree.writtenSince(mark, action);
  }

  /** Calls back, in ascending order, for each page that was ever written. */
  public void touchedPages(LongConsumer action) {
    tree.writtenSince(0, action);
  }

  /**
   * A hash of the contents, which does not depend on how they came about: the sum over pages of a
   * hash of page number and contents, where a page of zeros counts 0. Revokes write access if
   * anything was written since the last time.
   */
  public long hash() {
    if (!tree.isHashed()) {
      revokeWriteAccess();
    }
    return tree.hash();
  }

  /** Pages that this RAM, its snapshots and its forks hold together. */
  public long livePages() {
    return pool.livePages();
  }

  private void revokeWriteAccess() {
    for (RamObserver o : observers) {
      o.writeAccessRevoked();
    }
  }

  /** Gives up the pages that no snapshot or fork has; a second call does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      tree.close();
    }
  }
}
