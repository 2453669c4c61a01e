package dev.hindsight.timeline;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints of one recording in memory, at most one for a number of steps. They share pages with
 * one another; together with the machine they take no more than a budget, so that where it is
 * exceeded some are given up: where they are dense, and rather far from the present than near it;
 * but gaps grow no wider than need be.
 */
final class Checkpoints implements AutoCloseable {
  // in the order of their steps, which is that of time
  private final List<Checkpoint> all = new ArrayList<>();

  // steps of those that have no other within an interval after them
  private final NavigableSet<Long> ends = new TreeSet<>();
  private final long budget;
  private final long interval;
  private final long widest;
  private final LongSupplier used;

  /**
   * None yet.
   *
   * @param budget bytes that may be used
   * @param interval steps between two checkpoints where none is missing
   * @param widest gap, in steps, that is not made wider while there are others to give up
   * @param used bytes that are used now
   */
  Checkpoints(long budget, long interval, long widest, LongSupplier used) {
    this.budget = budget;
    this.interval = interval;
    this.widest = widest;
    this.used = used;
  }

  /** Adds one, unless there is one after as many steps; and gives up others if it is too much. */
  void add(Checkpoint checkpoint) {
    int place = count(m -> m.steps() < checkpoint.steps());
    if (place < all.size() && all.get(place).steps() == checkpoint.steps()) {
      checkpoint.close();
      return;
    }
    all.add(place, checkpoint);
    updateEnd(place);
    updateEnd(place - 1);
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
    long steps = least.steps();
    int place = count(m -> m.steps() < steps);
    all.remove(place);
    ends.remove(steps);
    updateEnd(place - 1);
    least.close();
    return true;
  }

  /** Sees whether another one follows within an interval. */
  private void updateEnd(int place) {
    if (place < 0) {
      return;
    }
    long steps = all.get(place).steps();
    if (place + 1 < all.size() && all.get(place + 1).steps() - steps <= interval) {
      ends.remove(steps);
    } else {
      ends.add(steps);
    }
  }

  /** How many are such, where these are before all others. */
  private int count(Predicate<Moment> which) {
    int low = 0;
    int high = all.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (which.test(all.get(middle).at())) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The one that is missed least, among those that leave no wider gap than this. */
  private @Nullable Checkpoint least(long present, long gapLimit) {
    Checkpoint least = null;
    double leastValue = Double.MAX_VALUE;
    Checkpoint before = null;
    Checkpoint one = null;
    for (Checkpoint after : all) {
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

  /**
   * The last of those before a destination; that at power-on if there is none.
   *
   * @param isBefore whether an instant comes before the destination
   */
  Checkpoint last(Predicate<Moment> isBefore) {
    return all.get(Math.max(0, count(isBefore) - 1));
  }

  /** That at power-on. */
  Checkpoint first() {
    return all.getFirst();
  }

  /**
   * Where the next one is missing: so many steps after the last of those that follow one another at
   * distances of at most an interval.
   *
   * @param steps where one looks from, not before power-on
   */
  long gapAfter(long steps) {
    long last = Objects.requireNonNull(ends.ceiling(last(m -> m.steps() <= steps).steps()));
    return interval > Long.MAX_VALUE - last ? Long.MAX_VALUE : last + interval;
  }

  /** Those that are not after an instant, the latest first. */
  List<Checkpoint> atOrBefore(Moment instant) {
    return List.copyOf(all.subList(0, count(m -> m.compareTo(instant) <= 0)).reversed());
  }

  /** Those that are neither before an instant nor after another, the earliest first. */
  List<Checkpoint> between(Moment from, Moment to) {
    int begin = count(m -> m.compareTo(from) < 0);
    int end = count(m -> m.compareTo(to) <= 0);
    return List.copyOf(all.subList(Math.min(begin, end), end));
  }

  /** How many there are. */
  int size() {
    return all.size();
  }

  @Override
  public void close() {
    all.forEach(Checkpoint::close);
    all.clear();
    ends.clear();
  }
}
