package dev.hindsight.assertion;

import dev.hindsight.timeline.Cores;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * Makes all checks of a recording. It is cut into intervals of as many steps each; whoever has done
 * one takes the next that nobody has taken, and passes over the others. What is found does not
 * depend on who did what.
 */
public final class CheckJob {
  /** Steps of an interval unless told otherwise. */
  public static final long DEFAULT_INTERVAL = 20_000_000;

  private final long interval;
  private final Predicate<Finding> ends;
  private final LongConsumer progress;
  private final Map<Long, CheckedInterval> done = new TreeMap<>();
  private long next;
  private long last = Long.MAX_VALUE;

  /**
   * A job.
   *
   * @param interval steps of an interval, at least 1
   * @param ends whether nothing matters that comes after a finding
   * @param progress hears how many steps have been checked
   */
  public CheckJob(long interval, Predicate<Finding> ends, LongConsumer progress) {
    this.interval = interval;
    this.ends = ends;
    this.progress = progress;
  }

  /**
   * Does it.
   *
   * @param checkers as many as work at once; each has a timeline of its own, at power-on
   * @param cores who has them work
   * @return what was found, in order: a state page that is not there as it was is named once for
   *     each instruction that looks for it
   * @throws dev.hindsight.timeline.ReplayDifference if the replay is not what was recorded
   * @throws IOException if a disk image is not what it was, or cannot be read
   */
  public CheckedInterval run(List<Checker> checkers, Cores cores) throws IOException {
    List<Cores.Work> work = new ArrayList<>();
    for (Checker c : checkers) {
      work.add(() -> work(c));
    }
    cores.all(work);
    return merged();
  }

  private void work(Checker checker) throws IOException {
    try {
      for (long i = take(); i >= 0; i = take()) {
        put(i, checker.check(i * interval, (i + 1) * interval));
      }
    } catch (IOException | RuntimeException e) {
      giveUp();
      throw e;
    }
  }

  private synchronized long take() {
    return next <= last ? next++ : -1;
  }

  private synchronized void giveUp() {
    last = -1;
  }

  private synchronized void put(long number, CheckedInterval result) {
    done.put(number, result);
    if (result.last() || result.findings().stream().anyMatch(ends)) {
      last = Math.min(last, number);
    }
    progress.accept(done.size() * interval);
  }

  private CheckedInterval merged() {
    long checks = 0;
    List<Finding> findings = new ArrayList<>();
    List<Note> notes = new ArrayList<>();
    Set<List<Object>> named = new HashSet<>();
    for (CheckedInterval one : done.values()) {
      checks += one.checks();
      notes.addAll(one.notes());
      for (Finding f : one.findings()) {
        Site site = f.site();
        if (!f.verdict().isMade()
            && !named.add(List.of(f.verdict(), site.addressSpace(), site.rip()))) {
          continue;
        }
        findings.add(f);
        if (ends.test(f)) {
          return new CheckedInterval(checks, findings, notes, false);
        }
      }
      if (one.last()) {
        return new CheckedInterval(checks, findings, notes, true);
      }
    }
    return new CheckedInterval(checks, findings, notes, false);
  }
}
