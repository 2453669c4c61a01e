package dev.hindsight.timeline;

import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints of one recording in memory, by the number of steps before them. They share pages with
 * one another; together with the machine they take no more than a budget, so that where it is
 * exceeded some are given up: where they are dense, and rather far from the present than near it.
 */
final class Checkpoints implements AutoCloseable {
  private final NavigableMap<Long, Checkpoint> bySteps = new TreeMap<>();
  private final long budget;
  private final LongSupplier used;

  /**
   * None yet.
   *
   * @param budget bytes that may be used
   * @param used bytes that are used now
   */
  Checkpoints(long budget, LongSupplier used) {
    this.budget = budget;
    this.used = used;
  }

  /** Adds one, unless there is one after as many steps; and gives up others if it is too much. */
  void add(Checkpoint checkpoint) {
    if (bySteps.putIfAbsent(checkpoint.steps(), checkpoint) != null) {
      checkpoint.close();
      return;
    }
    while (used.getAsLong() > budget && giveUpOne(checkpoint.steps())) {}
  }

  /** The first one is never given up: there would be no way back. */
  private boolean giveUpOne(long present) {
    Checkpoint least = null;
    double leastValue = Double.MAX_VALUE;
    for (Checkpoint c : bySteps.values()) {
      Long before = bySteps.lowerKey(c.steps());
      if (before == null || c.steps() == present) {
        continue;
      }
      Long after = bySteps.higherKey(c.steps());
      long gap = (after == null ? c.steps() : after) - before;
      double value = (double) gap / (1 + Math.abs(present - c.steps()));
      if (value < leastValue) {
        least = c;
        leastValue = value;
      }
    }
    if (least == null) {
      return false;
    }
    bySteps.remove(least.steps());
    least.close();
    return true;
  }

  /** The last one that has at most so many steps before it; null if there is none. */
  @Nullable Checkpoint atOrBefore(long steps) {
    var entry = bySteps.floorEntry(steps);
    return entry == null ? null : entry.getValue();
  }

  /** The last one whose tick is not later than this; null if there is none. */
  @Nullable Checkpoint atOrBeforeTick(long tick) {
    // ticks never fall as steps rise
    Checkpoint found = null;
    for (Checkpoint c : bySteps.values()) {
      if (c.tick() > tick) {
        break;
      }
      found = c;
    }
    return found;
  }

  /** How many there are. */
  int size() {
    return bySteps.size();
  }

  @Override
  public void close() {
    bySteps.values().forEach(Checkpoint::close);
    bySteps.clear();
  }
}
