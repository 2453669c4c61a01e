package dev.hindsight.timeline;

import dev.hindsight.board.Machine;
import dev.hindsight.cpu.StopHit;
import dev.hindsight.cpu.Stops;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Runs a timeline backwards: looks for the latest stop before the present, from one stretch of
 * checkpoints to the one before. Intervals in which nothing can have been written are left out, the
 * others are replayed ({@link BackwardSearch}), by several machines at once if there are any.
 */
final class BackwardRun implements AutoCloseable {
  private final Machine machine;
  private final Recording recording;
  private final Replay replay;
  private final Checkpoints checkpoints;
  private final long widest;
  private final Passage passage;

  private final List<SearchHelper> helpers = new ArrayList<>();
  private Cores cores = work -> work.getFirst().run();
  private int mostHelpers;
  private Timeline.MachineSource helperMachines =
      () -> {
        throw new IllegalStateException("nobody helps");
      };

  /** Goes forwards, and makes checkpoints where there are none. */
  @FunctionalInterface
  interface Passage {
    /** Runs to an instant that is not before the present. */
    void advance(Moment to) throws IOException;
  }

  /**
   * Of a timeline.
   *
   * @param widest steps that an interval has at most, before there were checkpoints made in it
   * @param passage how the timeline goes forwards
   */
  BackwardRun(
      Machine machine,
      Recording recording,
      Replay replay,
      Checkpoints checkpoints,
      long widest,
      Passage passage) {
    this.machine = machine;
    this.recording = recording;
    this.replay = replay;
    this.checkpoints = checkpoints;
    this.widest = widest;
    this.passage = passage;
  }

  /** Has other machines help from now on; see {@link Timeline#help}. */
  void help(Cores work, int number, Timeline.MachineSource machines) {
    cores = work;
    mostHelpers = number;
    helperMachines = machines;
  }

  /**
   * The latest hits before the present, of which there may be none. The machine is somewhere else
   * then.
   *
   * @param interrupted is asked now and then whether to give up
   * @return empty if it was given up
   */
  Optional<List<StopHit>> latest(Stops stops, BooleanSupplier interrupted) throws IOException {
    long before = machine.steps();
    WrittenPages written = WrittenPages.of(stops, machine);
    List<StopHit> latest = List.of();
    // wide gaps are walked first, so that there are checkpoints in them, if the budget allows
    boolean walked = false;
    Checkpoint end = replay.save();
    try {
      while (end.at().compareTo(Moment.POWER_ON) > 0) {
        List<BackwardSearch.Interval> intervals = new ArrayList<>();
        Checkpoint begin = end;
        for (Checkpoint c : checkpoints.atOrBefore(end.at())) {
          if (begin.steps() - c.steps() > (walked ? Long.MAX_VALUE : widest)) {
            break;
          }
          walked = false;
          if (!written.isUnwritten(c.state().memory(), begin.state().memory())) {
            intervals.add(new BackwardSearch.Interval(c, begin.at()));
          }
          begin = c;
        }
        BackwardSearch search = new BackwardSearch(intervals, stops, before, interrupted);
        latest = search.find(searchers(), cores);
        if (search.isInterrupted()) {
          return Optional.empty();
        }
        if (!latest.isEmpty()) {
          break;
        }
        Moment rest = begin.at();
        end.close();
        end = walk(rest);
        walked = true;
      }
    } finally {
      end.close();
      helpers.forEach(SearchHelper::forget);
    }
    return Optional.of(latest);
  }

  /**
   * Walks up to an instant from the checkpoint before it, and makes checkpoints.
   *
   * @return what it takes to come back there; to be closed
   */
  private Checkpoint walk(Moment to) throws IOException {
    replay.load(checkpoints.last(m -> m.compareTo(to) < 0));
    passage.advance(to);
    return replay.save();
  }

  private List<BackwardSearch.Searcher> searchers() throws IOException {
    while (helpers.size() < mostHelpers) {
      helpers.add(new SearchHelper(helperMachines.create(), recording));
    }
    List<BackwardSearch.Searcher> all = new ArrayList<>();
    all.add(
        new BackwardSearch.Searcher() {
          @Override
          public void load(Checkpoint checkpoint) {
            replay.load(checkpoint);
          }

          @Override
          public Replay replay() {
            return replay;
          }
        });
    all.addAll(helpers);
    return all;
  }

  @Override
  public void close() {
    helpers.forEach(SearchHelper::close);
  }
}
