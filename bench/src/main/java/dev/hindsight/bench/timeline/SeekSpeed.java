package dev.hindsight.bench.timeline;

import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.timeline.Replay;
import dev.hindsight.timeline.Timeline;
import dev.hindsight.timeline.store.RecordedPc;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/**
 * How long it takes to go to instants of a recording.
 *
 * <p>Arguments: the recording's directory; how many instants (200); steps between checkpoints
 * (20,000,000); the seed (1). A plain replay comes first, then one that makes checkpoints, then
 * seeks to random steps, then as many single steps backwards, twenty from each random step.
 */
public final class SeekSpeed {
  private static final double NANOSECONDS = 1e9;
  private static final double NANOSECONDS_PER_MILLI = 1e6;
  private static final int STEPS_BACK = 20;

  private SeekSpeed() {}

  /** Measures, and prints what came of it. */
  public static void main(String[] args) throws IOException {
    if (args.length < 1) {
      System.err.println("Arguments: the recording [instants] [steps between checkpoints] [seed].");
      System.exit(2);
    }
    Path directory = Path.of(args[0]);
    int instants = args.length > 1 ? Integer.parseInt(args[1]) : 200;
    long interval = args.length > 2 ? Long.parseLong(args[2]) : Timeline.DEFAULT_INTERVAL;
    Random random = new Random(args.length > 3 ? Long.parseLong(args[3]) : 1);
    plain(directory);
    try (RecordedPc pc = RecordedPc.open(directory);
        Timeline timeline =
            new Timeline(
                pc.builder().engine(new InterpreterFactory()).build(),
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
      print("seek", seeks);
      for (int i = 0; i < instants; i++) {
        if (i % STEPS_BACK == 0) {
          timeline.seekStep(random.nextLong(last));
        }
        long before = System.nanoTime();
        timeline.stepBack();
        stepsBack[i] = (System.nanoTime() - before) / NANOSECONDS_PER_MILLI;
      }
      print("step back, the first of %d included".formatted(STEPS_BACK), stepsBack);
    }
  }

  private static void plain(Path directory) throws IOException {
    try (RecordedPc pc = RecordedPc.open(directory);
        Machine machine = pc.builder().engine(new InterpreterFactory()).build()) {
      long start = cpuNanos();
      new Replay(machine, pc.recording()).run();
      System.out.printf(
          "plain replay: %.1f s of processor time, %,d steps%n",
          (cpuNanos() - start) / NANOSECONDS, machine.steps());
    }
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
