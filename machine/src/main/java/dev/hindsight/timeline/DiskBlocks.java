package dev.hindsight.timeline;

import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * The blocks of a disk image that a recorded run read, each with its digest as {@link
 * dev.hindsight.storage.BlockWitness} has it.
 */
public final class DiskBlocks {
  private final SortedMap<Long, Long> digests = new TreeMap<>();

  DiskBlocks() {}

  /** Adds a block; returns whether it is new, or has the same digest as before. */
  boolean add(long block, long digest) {
    Long before = digests.putIfAbsent(block, digest);
    return before == null || before == digest;
  }

  /** How many there are. */
  public int count() {
    return digests.size();
  }

  /** The digest of a block; empty if it was not read. */
  public OptionalLong digest(long block) {
    Long digest = digests.get(block);
    return digest == null ? OptionalLong.empty() : OptionalLong.of(digest);
  }

  /** Calls back for the number of each block, in ascending order. */
  public void forEach(LongConsumer action) {
    digests.forEach((block, digest) -> action.accept(block));
  }
}
