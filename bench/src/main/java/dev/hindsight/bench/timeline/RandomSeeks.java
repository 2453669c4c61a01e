package dev.hindsight.bench.timeline;

import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.StateDigest;
import dev.hindsight.timeline.Replay;
import dev.hindsight.timeline.Timeline;
import dev.hindsight.timeline.store.RecordedPc;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Goes to random instants of a recording, in random order, and compares the state of each with that
 * of a straight replay. Half of them are ticks, half are numbers of steps.
 *
 * <p>Arguments: the recording's directory; how many instants (1,000); the seed (1).
 */
public final class RandomSeeks {
  private RandomSeeks() {}

  private record Expected(boolean isTick, long number, StateDigest digest) {}

  /** Compares, and prints what came of it; status 1 if a state differs. */
  public static void main(String[] args) throws IOException {
    if (args.length < 1) {
      System.err.println("Arguments: the recording [instants] [seed].");
      System.exit(2);
    }
    Path directory = Path.of(args[0]);
    int number = args.length > 1 ? Integer.parseInt(args[1]) : 1000;
    long seed = args.length > 2 ? Long.parseLong(args[2]) : 1;
    List<Expected> all = new ArrayList<>();
    all.addAll(straight(directory, number / 2, true, seed));
    all.addAll(straight(directory, number - number / 2, false, seed + 1));
    Collections.shuffle(all, new Random(seed + 2));
    int different = 0;
    int backwards = 0;
    try (RecordedPc pc = RecordedPc.open(directory);
        Timeline timeline =
            new Timeline(pc.builder().engine(new InterpreterFactory()).build(), pc.recording())) {
      Machine machine = timeline.machine();
      for (Expected e : all) {
        long before = machine.steps();
        if (e.isTick) {
          timeline.seek(e.number);
        } else {
          timeline.seekStep(e.number);
        }
        backwards += machine.steps() < before ? 1 : 0;
        if (!machine.digest().equals(e.digest)) {
          different++;
          System.out.printf(
              "%s %d: %s%n",
              e.isTick ? "tick" : "step", e.number, machine.digest().differingParts(e.digest));
        }
      }
    }
    System.out.printf(
        "%d seeks, %d of them backwards: %d differ from a straight replay%n",
        all.size(), backwards, different);
    System.exit(different == 0 ? 0 : 1);
  }

  /** States of a straight replay, in the order of time. */
  private static List<Expected> straight(Path directory, int number, boolean ticks, long seed)
      throws IOException {
    List<Expected> all = new ArrayList<>();
    try (RecordedPc pc = RecordedPc.open(directory);
        Machine machine = pc.builder().engine(new InterpreterFactory()).build()) {
      Replay replay = new Replay(machine, pc.recording());
      long last =
          ticks
              ? pc.recording().lastTick()
              : pc.recording().seal().map(s -> s.steps()).orElse(pc.recording().lastTick());
      for (long n : new Random(seed).longs(number, 0, last).sorted().toArray()) {
        if (ticks) {
          replay.run(n);
        } else {
          replay.slice(Long.MAX_VALUE, n - machine.steps());
        }
        all.add(new Expected(ticks, n, machine.digest()));
      }
    }
    return all;
  }
}
