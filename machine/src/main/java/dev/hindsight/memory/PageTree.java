package dev.hindsight.memory;

import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A radix tree from page numbers to pages, shared between RAMs and snapshots until written.
 *
 * <p>A node counts its owners (trees and parent nodes), a page counts the leaves that hold it. What
 * lies on a path where everything has one owner belongs to this tree alone and is changed in place;
 * anything else is copied first. So a second tree is made by counting one more owner of the root.
 *
 * <p>Each node caches the sum of the hashes of its pages; a node where somebody may have written
 * since says so. Sharing shares these caches too.
 */
final class PageTree {
  private static final int FAN_SHIFT = 6;
  private static final int FAN = 1 << FAN_SHIFT;

  private final PagePool pool;
  private final int height;
  private @Nullable Node root;

  /**
   * An empty tree.
   *
   * @param pages number of pages it must hold, at least 1
   */
  PageTree(PagePool pool, long pages) {
    this(pool, heightFor(pages), null);
  }

  private PageTree(PagePool pool, int height, @Nullable Node root) {
    this.pool = pool;
    this.height = height;
    this.root = root;
    pool.opened();
  }

  private static int heightFor(long pages) {
    int height = 0;
    while (pages - 1 >>> FAN_SHIFT * (height + 1) != 0) {
      height++;
    }
    return height;
  }

  /** Where its pages come from. */
  PagePool pool() {
    return pool;
  }

  /** A tree with the same contents. Its cost does not depend on the size. */
  PageTree share() {
    if (root != null) {
      root.owners++;
    }
    return new PageTree(pool, height, root);
  }

  /** Ends the tree: what nobody else owns is free. */
  void close() {
    release(root);
    root = null;
    pool.closed();
  }

  /** Host address of a page for reading. */
  long readAddress(long page) {
    Node node = root;
    for (int shift = height * FAN_SHIFT; node instanceof Inner inner; shift -= FAN_SHIFT) {
      node = inner.children[(int) (page >>> shift) & FAN - 1];
    }
    long address = node == null ? 0 : ((Leaf) node).pages[(int) page & FAN - 1];
    return address == 0 ? pool.zeroPage() : address;
  }

  /** Host address of a page that belongs to this tree alone, marked as written in an epoch. */
  long writeAddress(long page, long epoch) {
    Node node = own(root, height);
    root = node;
    for (int level = height; node instanceof Inner inner; level--) {
      inner.touch(epoch);
      int i = (int) (page >>> level * FAN_SHIFT) & FAN - 1;
      node = own(inner.children[i], level - 1);
      inner.children[i] = node;
    }
    Leaf leaf = (Leaf) node;
    leaf.touch(epoch);
    int i = (int) page & FAN - 1;
    leaf.written[i] = epoch;
    leaf.unhashed |= 1L << i;
    long address = leaf.pages[i];
    if (address == 0) {
      address = pool.allocate();
      HostMemory.fill(address, PagePool.PAGE_BYTES, (byte) 0);
      leaf.pages[i] = address;
    } else if (pool.count(address) > 1) {
      long copy = pool.allocate();
      HostMemory.copy(address, copy, PagePool.PAGE_BYTES);
      pool.release(address);
      leaf.pages[i] = copy;
      address = copy;
    }
    return address;
  }

  /** A node that belongs to its one parent: itself, a copy, or a new one. */
  private Node own(@Nullable Node node, int level) {
    if (node == null) {
      return level == 0 ? new Leaf() : new Inner();
    }
    if (node.owners == 1) {
      return node;
    }
    node.owners--;
    return switch (node) {
      case Leaf leaf -> {
        for (long page : leaf.pages) {
          if (page != 0) {
            pool.retain(page);
          }
        }
        yield new Leaf(leaf);
      }
      case Inner inner -> {
        for (Node child : inner.children) {
          if (child != null) {
            child.owners++;
          }
        }
        yield new Inner(inner);
      }
    };
  }

  private void release(@Nullable Node node) {
    if (node == null) {
      return;
    }
    node.owners--;
    if (node.owners > 0) {
      return;
    }
    switch (node) {
      case Leaf leaf -> {
        for (long page : leaf.pages) {
          if (page != 0) {
            pool.release(page);
          }
        }
      }
      case Inner inner -> {
        for (Node child : inner.children) {
          release(child);
        }
      }
    }
  }

  /** Whether the hash is known without looking at any page. */
  boolean isHashed() {
    return root == null || root.hashed;
  }

  /** Sum of the hashes of all pages. */
  long hash() {
    return hash(root, height, 0);
  }

  private long hash(@Nullable Node node, int level, long first) {
    if (node == null) {
      return 0;
    }
    if (!node.hashed) {
      node.sum =
          switch (node) {
            case Leaf leaf -> leaf.rehash(first);
            case Inner inner -> {
              long sum = 0;
              for (int i = 0; i < FAN; i++) {
                sum += hash(inner.children[i], level - 1, first + ((long) i << level * FAN_SHIFT));
              }
              yield sum;
            }
          };
      node.hashed = true;
    }
    return node.sum;
  }

  /** Calls back for each page that was written in this epoch or a later one, in ascending order. */
  void writtenSince(long epoch, LongConsumer action) {
    writtenSince(root, height, 0, epoch, action);
  }

  private static void writtenSince(
      @Nullable Node node, int level, long first, long epoch, LongConsumer action) {
    if (node == null || node.lastWritten < epoch) {
      return;
    }
    for (int i = 0; i < FAN; i++) {
      switch (node) {
        case Leaf leaf -> {
          if (leaf.pages[i] != 0 && leaf.written[i] >= epoch) {
            action.accept(first + i);
          }
        }
        case Inner inner ->
            writtenSince(
                inner.children[i],
                level - 1,
                first + ((long) i << level * FAN_SHIFT),
                epoch,
                action);
      }
    }
  }

  /**
   * Calls back for each page that the two trees do not share, in ascending order. Trees of equal
   * height only.
   */
  static void differences(PageTree a, PageTree b, LongConsumer action) {
    if (a.height != b.height) {
      throw new IllegalArgumentException("memories of different sizes");
    }
    differences(a.root, b.root, a.height, 0, action);
  }

  private static void differences(
      @Nullable Node a, @Nullable Node b, int level, long first, LongConsumer action) {
    if (a == b) {
      return;
    }
    for (int i = 0; i < FAN; i++) {
      if (level == 0) {
        long pageA = a == null ? 0 : ((Leaf) a).pages[i];
        long pageB = b == null ? 0 : ((Leaf) b).pages[i];
        if (pageA != pageB) {
          action.accept(first + i);
        }
      } else {
        differences(
            a == null ? null : ((Inner) a).children[i],
            b == null ? null : ((Inner) b).children[i],
            level - 1,
            first + ((long) i << level * FAN_SHIFT),
            action);
      }
    }
  }

  private abstract static sealed class Node {
    int owners = 1;
    boolean hashed;
    long sum;
    long lastWritten;

    void touch(long epoch) {
      hashed = false;
      lastWritten = epoch;
    }
  }

  private static final class Inner extends Node {
    final @Nullable Node[] children;

    Inner() {
      children = new Node[FAN];
    }

    Inner(Inner original) {
      children = original.children.clone();
    }
  }

  private static final class Leaf extends Node {
    final long[] pages;
    final long[] written;
    final long[] hashes;
    long unhashed;

    Leaf() {
      pages = new long[FAN];
      written = new long[FAN];
      hashes = new long[FAN];
    }

    Leaf(Leaf original) {
      pages = original.pages.clone();
      written = original.written.clone();
      hashes = original.hashes.clone();
      unhashed = original.unhashed;
    }

    long rehash(long first) {
      for (long rest = unhashed; rest != 0; rest &= rest - 1) {
        int i = Long.numberOfTrailingZeros(rest);
        hashes[i] = PageHash.of(first + i, pages[i]);
      }
      unhashed = 0;
      long total = 0;
      for (long h : hashes) {
        total += h;
      }
      return total;
    }
  }
}
