package dev.hindsight.bench.timeline;

import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineState;
import dev.hindsight.board.Outcome;
import dev.hindsight.timeline.Replay;
import dev.hindsight.timeline.store.RecordedPc;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How long a snapshot of a machine in memory takes where snapshots are made: in a replay, every ten
 * million ticks, when the guest has had the processor's caches to itself, and has written to pages
 * since the one before. All snapshots are kept to the end, as a timeline keeps them.
 *
 * <p>Another one is made at once after each, which finds everything in the caches. The JVM has
 * compiled what makes snapshots before: ten thousand are made at power-on.
 *
 * <p>Arguments: directories of recordings. {@code bench/instants/snapshots.sh} makes recordings
 * with 64 MB, 256 MB and 1 GB.
 */
public final class SnapshotSpeed {
  private static final long TICKS_BETWEEN = 10_000_000;
  private static final double NANOSECONDS_PER_MICRO = 1e3;
  private static final int WARM_UP = 10_000;
  private static final int MOST_SNAPSHOTS = 100;

  private SnapshotSpeed() {}

  /** Measures, and prints what came of it. */
  public static void main(String[] args) throws IOException {
    if (args.length < 1) {
      System.err.println("Arguments: directories of recordings.");
      System.exit(2);
    }
    for (String directory : args) {
      measure(Path.of(directory));
    }
  }

  private static void measure(Path directory) throws IOException {
    List<MachineState> kept = new ArrayList<>();
    List<Double> first = new ArrayList<>();
    List<Double> again = new ArrayList<>();
    try (RecordedPc pc = RecordedPc.open(directory);
        Machine machine = pc.builder().engine(new InterpreterFactory()).build()) {
      for (int i = 0; i < WARM_UP; i++) {
        machine.save().close();
      }
      Replay replay = new Replay(machine, pc.recording());
      while (first.size() < MOST_SNAPSHOTS
          && !replay.isAtEnd()
          && replay.slice(machine.now() + TICKS_BETWEEN, Long.MAX_VALUE) == Outcome.LIMIT) {
        kept.add(timed(machine, first));
        kept.add(timed(machine, again));
      }
      System.out.printf(
          "%,d MiB, %d snapshots in %,d steps%n  %s%n  again at once: %s%n",
          machine.description().memoryBytes() >> 20,
          first.size(),
          machine.steps(),
          text(first),
          text(again));
    } finally {
      kept.forEach(MachineState::close);
    }
  }

  private static MachineState timed(Machine machine, List<Double> micros) {
    long before = System.nanoTime();
    MachineState state = machine.save();
    micros.add((System.nanoTime() - before) / NANOSECONDS_PER_MICRO);
    return state;
  }

  private static String text(List<Double> micros) {
    double[] sorted = micros.stream().mapToDouble(d -> d).sorted().toArray();
    if (sorted.length == 0) {
      return "too short for snapshots";
    }
    return "median %.1f us, 95 %% under %.1f us, worst %.1f us"
        .formatted(
            sorted[sorted.length / 2], sorted[sorted.length * 95 / 100], sorted[sorted.length - 1]);
  }
}
