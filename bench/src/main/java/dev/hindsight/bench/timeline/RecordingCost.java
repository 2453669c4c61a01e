package dev.hindsight.bench.timeline;

import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.OutputListener;
import dev.hindsight.board.builtin.BuiltinGuest;
import dev.hindsight.board.builtin.BuiltinMachine;
import dev.hindsight.bus.World;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.timeline.MachineFactory;
import dev.hindsight.timeline.Recorder;
import dev.hindsight.timeline.store.DirectoryStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What recording costs: a machine runs for the same virtual time without and with a recorder, by
 * turns, and the processor time of the thread is compared; and the same for running in slices
 * alone. Arguments: pairs (10), virtual milliseconds (1,500), vCPUs (1).
 */
public final class RecordingCost {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final long MILLISECOND = 1_000_000;

  private final MachineFactory factory;
  private final long ticks;

  /**
   * A measurement.
   *
   * @param factory makes the machines
   * @param ticks how long each runs
   */
  public RecordingCost(MachineFactory factory, long ticks) {
    this.factory = factory;
    this.ticks = ticks;
  }

  /** A way to run the machine for some ticks; returns nanoseconds of processor time. */
  private interface Run {
    long nanos() throws IOException;
  }

  /**
   * Runs pairs.
   *
   * @return how much more processor time each recorded run took than the plain run beside it, as a
   *     fraction of that
   */
  public double[] recording(int pairs) throws IOException {
    return pairs(pairs, this::recorded);
  }

  /** The same for machines that run in slices of a virtual millisecond. */
  public double[] slicing(int pairs) throws IOException {
    return pairs(pairs, this::sliced);
  }

  private double[] pairs(int pairs, Run other) throws IOException {
    plain();
    other.nanos();
    double[] more = new double[pairs];
    for (int i = 0; i < pairs; i++) {
      // who goes first changes, as the second may find warmer caches
      long first = i % 2 == 0 ? plain() : other.nanos();
      long second = i % 2 == 0 ? other.nanos() : plain();
      more[i] = i % 2 == 0 ? (double) second / first - 1 : (double) first / second - 1;
    }
    return more;
  }

  private Machine machine() {
    return factory.create(World.EMPTY, OutputListener.NONE, Integer.MAX_VALUE);
  }

  private long plain() {
    try (Machine machine = machine()) {
      long begin = THREADS.getCurrentThreadCpuTime();
      check(machine.run(ticks));
      return THREADS.getCurrentThreadCpuTime() - begin;
    }
  }

  private long sliced() {
    try (Machine machine = machine()) {
      long begin = THREADS.getCurrentThreadCpuTime();
      Outcome outcome = Outcome.LIMIT;
      while (outcome == Outcome.LIMIT && machine.now() < ticks) {
        outcome = machine.slice(ticks, MILLISECOND);
      }
      check(outcome);
      return THREADS.getCurrentThreadCpuTime() - begin;
    }
  }

  private long recorded() throws IOException {
    Path directory = Files.createTempDirectory("recording-cost");
    Path recording = directory.resolve("recording");
    try (Machine machine = machine()) {
      long begin = THREADS.getCurrentThreadCpuTime();
      try (Recorder recorder =
          new Recorder(machine, World.EMPTY, DirectoryStore.create(recording))) {
        check(recorder.run(ticks));
      }
      return THREADS.getCurrentThreadCpuTime() - begin;
    } finally {
      for (Path file : List.of(recording.resolve("log"), recording.resolve("description"))) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(recording);
      Files.delete(directory);
    }
  }

  private static void check(Outcome outcome) {
    if (outcome != Outcome.LIMIT) {
      throw new IllegalStateException("the machine ended early: " + outcome);
    }
  }

  /** Measures it with the built-in guest, busy all the time. */
  public static void main(String[] arguments) throws IOException {
    int pairs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
    long milliseconds = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1500;
    int vcpus = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1;
    BuiltinGuest guest = new BuiltinGuest(Integer.MAX_VALUE);
    MachineFactory factory =
        (world, outputs, tlbCapacity) ->
            BuiltinMachine.builder(guest, CpuModels.V2, vcpus)
                .engine(new InterpreterFactory())
                .world(world)
                .outputs(outputs)
                .tlbCapacity(tlbCapacity)
                .build();
    RecordingCost cost = new RecordingCost(factory, milliseconds * MILLISECOND);
    System.out.printf(
        "%d processors, load average %.1f%n",
        Runtime.getRuntime().availableProcessors(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    print("recording", cost.recording(pairs));
    print("slicing", cost.slicing(pairs));
  }

  private static void print(String what, double[] more) {
    double[] sorted = more.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    System.out.printf(
        "%s: %+.2f %% processor time (median of %d pairs; %+.2f to %+.2f %%)%n",
        what, median * 100, n, sorted[0] * 100, sorted[n - 1] * 100);
  }
}
