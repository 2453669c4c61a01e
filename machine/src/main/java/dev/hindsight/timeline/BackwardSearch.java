package dev.hindsight.timeline;

import dev.hindsight.cpu.StopHit;
import dev.hindsight.cpu.Stops;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Looks for the latest stop in intervals between checkpoints, of which several are replayed at once
 * by machines of their own.
 */
final class BackwardSearch {
  /** Steps after which a searcher looks whether its interval still matters. */
  private static final long PACE = 4_000_000;

  private final List<Interval> intervals;
  private final Stops stops;
  private final long before;
  private final BooleanSupplier interruption;
  private final List<List<StopHit>> found = new ArrayList<>();
  private int next;
  private int best;
  private boolean interrupted;

  /**
   * What may hold a stop.
   *
   * @param from where it begins
   * @param to where it ends
   */
  record Interval(Checkpoint from, Moment to) {}

  /** Someone with a machine. */
  interface Searcher {
    /** Comes to the beginning of an interval. */
    void load(Checkpoint checkpoint) throws IOException;

    /** The replay, which is there now. */
    Replay replay();
  }

  /**
   * A search.
   *
   * @param intervals the latest first
   * @param before hits of a step that comes after so many do not count
   * @param interruption is asked now and then, by the first searcher, whether to give up
   */
  BackwardSearch(List<Interval> intervals, Stops stops, long before, BooleanSupplier interruption) {
    this.intervals = List.copyOf(intervals);
    this.stops = stops;
    this.before = before;
    this.interruption = interruption;
    best = this.intervals.size();
    for (int i = 0; i < best; i++) {
      found.add(List.of());
    }
  }

  /** The latest stop of all intervals; empty if there is none. */
  List<StopHit> find(List<Searcher> searchers, Cores cores) throws IOException {
    List<Cores.Work> work = new ArrayList<>();
    for (Searcher s : searchers) {
      boolean asks = work.isEmpty();
      work.add(() -> search(s, asks));
    }
    cores.all(work);
    return !interrupted && best < found.size() ? found.get(best) : List.of();
  }

  /** Whether it was given up. */
  boolean isInterrupted() {
    return interrupted;
  }

  private void search(Searcher searcher, boolean asks) throws IOException {
    try {
      for (int i = take(); i >= 0; i = take()) {
        if (asks && isToGiveUp()) {
          return;
        }
        searcher.load(intervals.get(i).from);
        LatestHits latest = new LatestHits(before);
        if (pass(searcher.replay(), i, latest, asks)) {
          note(i, latest.hits());
        }
      }
    } catch (IOException | RuntimeException e) {
      giveUp();
      throw e;
    }
  }

  /** Replays an interval, unless a later one is found to hold what is looked for. */
  private boolean pass(Replay replay, int interval, LatestHits latest, boolean asks)
      throws IOException {
    Moment to = intervals.get(interval).to;
    while (!replay.passes(to, PACE, stops, latest)) {
      if (asks && isToGiveUp()) {
        return false;
      }
      if (!isWanted(interval)) {
        return false;
      }
    }
    return true;
  }

  private boolean isToGiveUp() {
    if (interruption.getAsBoolean()) {
      interrupted = true;
      giveUp();
    }
    return interrupted;
  }

  private synchronized int take() {
    return next < best ? next++ : -1;
  }

  /** Nobody need go on. */
  private synchronized void giveUp() {
    best = 0;
    next = intervals.size();
  }

  private synchronized boolean isWanted(int interval) {
    return interval < best;
  }

  private synchronized void note(int interval, List<StopHit> hits) {
    found.set(interval, hits);
    if (!hits.isEmpty()) {
      best = Math.min(best, interval);
    }
  }
}
