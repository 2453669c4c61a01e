package dev.hindsight.cli;

import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.timeline.Recorder;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Runs a machine for people, with or without a recorder. */
final class LiveRun {
  private static final long SLICES_PER_SECOND = 1000;

  private LiveRun() {}

  /** Runs up to a tick, or to whatever ends the run before. */
  static Outcome run(Machine machine, @Nullable Recorder recorder, long until) throws IOException {
    if (recorder != null) {
      return recorder.run(until);
    }
    long slice = slice(machine);
    Outcome outcome;
    do {
      outcome = machine.slice(until, slice);
    } while (outcome == Outcome.LIMIT && machine.now() < until);
    return outcome;
  }

  /** Ticks after which people are asked whether they want something. */
  static long slice(Machine machine) {
    return Math.max(1, machine.description().ticksPerSecond() / SLICES_PER_SECOND);
  }
}
