package dev.hindsight.bench.timeline;

import dev.hindsight.board.Outcome;
import dev.hindsight.cpu.Stops;
import dev.hindsight.memory.GuestRam;
import dev.hindsight.memory.HostMemory;
import dev.hindsight.memory.RamSnapshot;
import dev.hindsight.timeline.Timeline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Searches, from the end of a recording, for writes that were made long ago. */
final class FarWrites {
  private static final long WINDOW = 50_000_000;
  private static final int SPANS = 16;
  private static final int TRIES = 3;
  private static final int MOST = 300;

  /** Pages of this much RAM lie at their own addresses. */
  private static final long LOW_PAGES = (3L << 30) / GuestRam.PAGE_BYTES;

  private final Timeline timeline;
  private final long from;
  private final List<Long> cold = new ArrayList<>();
  private final List<Long> words = new ArrayList<>();
  private final Set<Long> busy = new TreeSet<>();

  /**
   * A search.
   *
   * @param from number of steps around which the writes were made
   */
  FarWrites(Timeline timeline, long from) {
    this.timeline = timeline;
    this.from = Math.max(0, from);
  }

  /** Finds out what to look for, and searches. */
  void search() throws IOException {
    GuestRam ram = timeline.machine().ram();
    timeline.seekStep(from);
    try (RamSnapshot before = ram.snapshot()) {
      timeline.seekStep(from + WINDOW);
      try (RamSnapshot after = ram.snapshot()) {
        timeline.seek(Long.MAX_VALUE);
        findBusyPages(timeline.machine().steps());
        timeline.seek(Long.MAX_VALUE);
        before.differences(after, page -> classify(page, before, after));
      }
    }
    measure("a page that nobody has written since", cold, GuestRam.PAGE_BYTES);
    measure("a word of a page that is written all the time", words, Long.BYTES);
  }

  /** Pages that are written in each of some spans of steps until the end. */
  private void findBusyPages(long end) throws IOException {
    GuestRam ram = timeline.machine().ram();
    for (int i = 0; i < SPANS; i++) {
      timeline.seekStep(from + WINDOW + (end - WINDOW - from - WINDOW) / SPANS * i);
      Set<Long> written = new TreeSet<>();
      try (RamSnapshot before = ram.snapshot()) {
        timeline.seekStep(timeline.machine().steps() + WINDOW);
        try (RamSnapshot after = ram.snapshot()) {
          before.differences(after, written::add);
        }
      }
      if (i == 0) {
        busy.addAll(written);
      } else {
        busy.retainAll(written);
      }
    }
  }

  private void classify(long page, RamSnapshot before, RamSnapshot after) {
    if (page >= LOW_PAGES) {
      return;
    }
    // pages that were written anew by a replay have other addresses, so contents are compared
    long now = timeline.machine().ram().readAddress(page);
    long then = after.readAddress(page);
    if (isEqual(then, now) && !isEqual(before.readAddress(page), then)) {
      cold.add(page * GuestRam.PAGE_BYTES);
    } else if (busy.contains(page)) {
      for (int i = 0; i < GuestRam.PAGE_BYTES; i += Long.BYTES) {
        long word = HostMemory.getLong(then + i);
        if (word != HostMemory.getLong(before.readAddress(page) + i)
            && word == HostMemory.getLong(now + i)) {
          words.add(page * GuestRam.PAGE_BYTES + i);
        }
      }
    }
  }

  private static boolean isEqual(long a, long b) {
    for (int i = 0; i < GuestRam.PAGE_BYTES; i += Long.BYTES) {
      if (HostMemory.getLong(a + i) != HostMemory.getLong(b + i)) {
        return false;
      }
    }
    return true;
  }

  private void measure(String what, List<Long> addresses, long length) throws IOException {
    int measured = 0;
    for (int i = 0; i < Math.min(MOST, addresses.size()) && measured < TRIES; i++) {
      timeline.seek(Long.MAX_VALUE);
      long end = timeline.machine().steps();
      long start = System.nanoTime();
      Outcome outcome =
          timeline.runBack(
              Stops.at(new Stops.Range(true, addresses.get(i), length, Stops.Access.WRITE)));
      double seconds = (System.nanoTime() - start) / 1e9;
      long distance = end - timeline.machine().steps();
      if (outcome == Outcome.STOP && distance >= end - from - WINDOW) {
        measured++;
        System.out.printf(
            "back to the last write to %s, 0x%x, %,d steps: %.2f s%n",
            what, addresses.get(i), distance, seconds);
      }
    }
    if (measured == 0) {
      System.out.printf("there is no %s%n", what);
    }
  }
}
