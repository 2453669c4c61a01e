package dev.hindsight.timeline;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints of one recording in memory, by the number of steps before them. They share pages with
 * one another; together with the machine they take no more than a budget, so that where it is
 * exceeded some are given up: where they are dense, and rather far from the present than near it;
 * but gaps grow no wider than need be.
 */
final class Checkpoints implements AutoCloseable {
  private final NavigableMap<Long, Checkpoint> bySteps = new TreeMap<>();
  private final long budget;
  private final long widest;
  private final LongSupplier used;

  /**
   * None yet.
   *
   * @param budget bytes that may be used
   * @param widest gap, in steps, that is not made wider while there are others to give up
   * @param used bytes that are used now
   */
  Checkpoints(long budget, long widest, LongSupplier used) {
    this.budget = budget;
    this.widest = widest;
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
    Checkpoint least = least(present, widest);
    if (least == null) {
      least = least(present, Long.MAX_VALUE);
    }
    if (least == null) {
      return false;
    }
    bySteps.remove(least.steps());
    least.close();
    return true;
  }

  /** The one that is missed least, among those that leave no wider gap than this. */
  private @Nullable Checkpoint least(long present, long gapLimit) {
    Checkpoint least = null;
    double leastValue = Double.MAX_VALUE;
    Checkpoint before = null;
    Checkpoint one = null;
    for (Checkpoint after : bySteps.values()) {
      if (before != null && one != null) {
        double value = value(before, one, after.steps(), present, gapLimit);
        if (value < leastValue) {
          least = one;
          leastValue = value;
        }
      }
      before = one;
      one = after;
    }
    if (before != null && one != null) {
      // what comes after the last one is not known
      double value = value(before, one, one.steps(), present, gapLimit);
      least = value < leastValue ? one : least;
    }
    return least;
  }

  private static double value(
      Checkpoint before, Checkpoint one, long after, long present, long gapLimit) {
    long gap = after - before.steps();
    return one.steps() == present || gap > gapLimit
        ? Double.MAX_VALUE
        : (double) gap / (1 + Math.abs(present - one.steps()));
  }

  /** The last of those whose instant is such; that at power-on if there is none. */
  Checkpoint last(Predicate<Moment> which) {
    for (Checkpoint c : bySteps.descendingMap().values()) {
      if (which.test(c.at())) {
        return c;
      }
    }
    return bySteps.firstEntry().getValue();
  }

  /**
   * Where the next one is missing: so many steps after the last of those that follow one another at
   * distances of at most an interval.
   *
   * @param steps where one looks from
   */
  long gapAfter(long steps, long interval) {
    Map.Entry<Long, Checkpoint> before = bySteps.floorEntry(steps);
    long last = before == null ? steps : before.getKey();
    for (long next : bySteps.tailMap(last, false).navigableKeySet()) {
      if (next - last > interval) {
        break;
      }
      last = next;
    }
    return interval > Long.MAX_VALUE - last ? Long.MAX_VALUE : last + interval;
  }

  /** Those that are not after an instant, the latest first. */
  List<Checkpoint> atOrBefore(Moment instant) {
    return bySteps.descendingMap().values().stream()
        .filter(c -> c.at().compareTo(instant) <= 0)
        .toList();
  }

  /** Those that are neither before an instant nor after another, the earliest first. */
  List<Checkpoint> between(Moment from, Moment to) {
    return bySteps.values().stream()
        .filter(c -> c.at().compareTo(from) >= 0 && c.at().compareTo(to) <= 0)
        .toList();
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
