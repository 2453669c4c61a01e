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
 * <p>Arguments: directories of recordings. Each is replayed twice, so that in the second round the
 * JVM has compiled what makes snapshots. {@code bench/instants/snapshots.sh} makes recordings with
 * 64 MB, 256 MB and 1 GB.
 */
public final class SnapshotSpeed {
  private static final long TICKS_BETWEEN = 10_000_000;
  private static final double NANOSECONDS_PER_MICRO = 1e3;
  private static final int ROUNDS = 2;

  private SnapshotSpeed() {}

  /** Measures, and prints what came of it. */
  public static void main(String[] args) throws IOException {
    if (args.length < 1) {
      System.err.println("Arguments: directories of recordings.");
      System.exit(2);
    }
    for (int round = 1; round <= ROUNDS; round++) {
      for (String directory : args) {
        measure(round, Path.of(directory));
      }
    }
  }

  private static void measure(int round, Path directory) throws IOException {
    List<MachineState> kept = new ArrayList<>();
    List<Double> micros = new ArrayList<>();
    try (RecordedPc pc = RecordedPc.open(directory);
        Machine machine = pc.builder().engine(new InterpreterFactory()).build()) {
      Replay replay = new Replay(machine, pc.recording());
      while (!replay.isAtEnd()
          && replay.slice(machine.now() + TICKS_BETWEEN, Long.MAX_VALUE) == Outcome.LIMIT) {
        long before = System.nanoTime();
        MachineState state = machine.save();
        long after = System.nanoTime();
        kept.add(state);
        micros.add((after - before) / NANOSECONDS_PER_MICRO);
      }
      System.out.printf(
          "round %d, %,5d MiB, %,d steps: %s%n",
          round, machine.description().memoryBytes() >> 20, machine.steps(), text(micros));
    } finally {
      kept.forEach(MachineState::close);
    }
  }

  private static String text(List<Double> micros) {
    double[] sorted = micros.stream().mapToDouble(d -> d).sorted().toArray();
    if (sorted.length == 0) {
      return "too short for snapshots";
    }
    return "%d snapshots, median %.1f us, 95 %% under %.1f us, worst %.1f us"
        .formatted(
            sorted.length,
            sorted[sorted.length / 2],
            sorted[sorted.length * 95 / 100],
            sorted[sorted.length - 1]);
  }
}
