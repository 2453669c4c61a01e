package dev.hindsight.bench.timeline;

import dev.hindsight.bench.translator.EngineNames;
import dev.hindsight.board.EngineFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.timeline.Replay;
import dev.hindsight.timeline.Timeline;
import dev.hindsight.timeline.live.HostCores;
import dev.hindsight.timeline.store.RecordedPc;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/**
 * How long it takes to go to instants of a recording, and to run backwards.
 *
 * <p>Arguments: the recording's directory; how many instants (200; 0 to do without all but the
 * searches); steps between checkpoints (20,000,000); how many steps back searches go
 * (10,000,000,000); the seed (1). A plain replay comes first, then one that makes checkpoints, then
 * seeks to random steps, then as many single steps backwards, twenty from each random step; then
 * searches for the last write to a page that nobody has written since, and to a word of a page that
 * is written all the time; and snapshots.
 */
public final class SeekSpeed {
  private static final double NANOSECONDS = 1e9;
  private static final double NANOSECONDS_PER_MILLI = 1e6;
  private static final double NANOSECONDS_PER_MICRO = 1e3;
  private static final int STEPS_BACK = 20;
  private static final int SNAPSHOTS = 10_000;
  private static final int STEPS_BETWEEN_SNAPSHOTS = 10_000;

  private SeekSpeed() {}

  /** Measures, and prints what came of it. */
  public static void main(String[] args) throws IOException {
    if (args.length < 1) {
      System.err.println(
          "Arguments: the recording [instants] [steps between checkpoints] [steps back] [seed]"
              + " [translator|interpreter].");
      System.exit(2);
    }
    Path directory = Path.of(args[0]);
    int instants = args.length > 1 ? Integer.parseInt(args[1]) : 200;
    long interval = args.length > 2 ? Long.parseLong(args[2]) : Timeline.DEFAULT_INTERVAL;
    long far = args.length > 3 ? Long.parseLong(args[3]) : 10_000_000_000L;
    Random random = new Random(args.length > 4 ? Long.parseLong(args[4]) : 1);
    EngineFactory engines = EngineNames.factory(args.length > 5 ? args[5] : "translator");
    if (instants > 0) {
      plain(directory, engines);
    }
    try (RecordedPc pc = RecordedPc.open(directory);
        Timeline timeline =
            new Timeline(
                pc.builder().engine(engines).build(),
                pc.recording(),
                interval,
                Timeline.DEFAULT_BUDGET)) {
      long start = cpuNanos();
      timeline.seek(Long.MAX_VALUE);
      System.out.printf(
          "replay with checkpoints: %.1f s of processor time, %d checkpoints, %d MiB%n",
          (cpuNanos() - start) / NANOSECONDS,
          timeline.checkpoints(),
          timeline.machine().ram().livePages() >> 8);
      long last = timeline.machine().steps();
      double[] seeks = new double[instants];
      double[] stepsBack = new double[instants];
      for (int i = 0; i < instants; i++) {
        long before = System.nanoTime();
        timeline.seekStep(random.nextLong(last));
        seeks[i] = (System.nanoTime() - before) / NANOSECONDS_PER_MILLI;
      }
      if (instants > 0) {
        print("seek", seeks);
      }
      for (int i = 0; i < instants; i++) {
        if (i % STEPS_BACK == 0) {
          timeline.seekStep(random.nextLong(last));
        }
        long before = System.nanoTime();
        timeline.stepBack();
        stepsBack[i] = (System.nanoTime() - before) / NANOSECONDS_PER_MILLI;
      }
      if (instants > 0) {
        print("step back, the first of %d included".formatted(STEPS_BACK), stepsBack);
      }
      int helpers = HostCores.available() - 1;
      timeline.help(
          new HostCores(),
          helpers,
          () -> RecordedPc.open(directory).builder().engine(engines).build());
      new FarWrites(timeline, last - far).search();
      snapshots(timeline.machine());
    }
  }

  private static void plain(Path directory, EngineFactory engines) throws IOException {
    try (RecordedPc pc = RecordedPc.open(directory);
        Machine machine = pc.builder().engine(engines).build()) {
      long start = cpuNanos();
      new Replay(machine, pc.recording()).run();
      System.out.printf(
          "plain replay: %.1f s of processor time, %,d steps%n",
          (cpuNanos() - start) / NANOSECONDS, machine.steps());
    }
  }

  /** Snapshots of a machine that has written to some pages since the one before. */
  private static void snapshots(Machine machine) {
    double[] micros = new double[SNAPSHOTS];
    // the first half is to warm up
    for (int n = 0; n < 2 * SNAPSHOTS; n++) {
      int i = n % SNAPSHOTS;
      machine.slice(Long.MAX_VALUE, STEPS_BETWEEN_SNAPSHOTS);
      long before = System.nanoTime();
      try (var _ = machine.save()) {
        micros[i] = (System.nanoTime() - before) / NANOSECONDS_PER_MICRO;
      }
    }
    Arrays.sort(micros);
    System.out.printf(
        "snapshot of a machine with %,d MiB: median %.1f us, 95 %% under %.1f us%n",
        machine.description().memoryBytes() >> 20,
        micros[SNAPSHOTS / 2],
        micros[SNAPSHOTS * 95 / 100]);
  }

  /** Of all threads. */
  private static long cpuNanos() {
    var system =
        ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
    return system.getProcessCpuTime();
  }

  private static void print(String what, double[] millis) {
    double[] sorted = millis.clone();
    Arrays.sort(sorted);
    System.out.printf(
        "%s: median %.2f ms, 95 %% under %.2f ms, worst %.2f ms%n",
        what,
        sorted[sorted.length / 2],
        sorted[sorted.length * 95 / 100],
        sorted[sorted.length - 1]);
  }
}
