package dev.hindsight.bench.timeline;

import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.cpu.Engine;
import dev.hindsight.cpu.RunExit;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.paging.Access;
import dev.hindsight.timeline.Moment;
import dev.hindsight.timeline.Replay;
import dev.hindsight.timeline.Timeline;
import dev.hindsight.timeline.store.RecordedPc;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;

/**
 * Compares the list of all writes to some kernel variables, as a timeline gives it, with a log of
 * all stores of a replay of single steps.
 *
 * <p>Arguments: the recording's directory; how many variables (8); the seed (1). The variables are
 * eight bytes each, chosen from where 64-bit code at the top of the address space wrote to its own
 * data late in the run.
 */
public final class WhoWroteCheck {
  private static final long LATE = 20_000_000;
  private static final long IMAGE = 0xFFFF_FFFF_8000_0000L;
  private static final int BYTES = 8;
  private static final double NANOSECONDS = 1e9;

  private final Path directory;
  private final long[] variables;
  private final List<NavigableSet<Long>> logged = new ArrayList<>();

  private WhoWroteCheck(Path directory, long[] variables) {
    this.directory = directory;
    this.variables = variables;
  }

  /** Compares, and prints what came of it; status 1 if the lists differ. */
  public static void main(String[] args) throws IOException {
    if (args.length < 1) {
      System.err.println("Arguments: the recording [variables] [seed].");
      System.exit(2);
    }
    Path directory = Path.of(args[0]);
    int number = args.length > 1 ? Integer.parseInt(args[1]) : 8;
    Random random = new Random(args.length > 2 ? Long.parseLong(args[2]) : 1);
    List<NavigableSet<Long>> told = new ArrayList<>();
    long[] variables;
    try (RecordedPc pc = RecordedPc.open(directory);
        Timeline timeline =
            new Timeline(pc.builder().engine(new InterpreterFactory()).build(), pc.recording())) {
      variables = choose(timeline, number, random);
      Moment end = timeline.present();
      for (long v : variables) {
        NavigableSet<Long> steps = new TreeSet<>();
        long start = System.nanoTime();
        timeline.seek(0);
        timeline.observe(
            end,
            Stops.at(new Stops.Range(true, v, BYTES, Stops.Access.WRITE)),
            hit -> steps.add(hit.steps()));
        System.out.printf(
            "0x%x: %,d writes, found in %.1f s%n",
            v, steps.size(), (System.nanoTime() - start) / NANOSECONDS);
        told.add(steps);
      }
    }
    WhoWroteCheck check = new WhoWroteCheck(directory, variables);
    check.log();
    int different = 0;
    for (int i = 0; i < number; i++) {
      if (!check.logged.get(i).equals(told.get(i))) {
        different++;
        System.out.printf("0x%x: the log of all stores differs%n", variables[i]);
      }
    }
    System.out.printf("%d variables, %d differ%n", number, different);
    System.exit(different == 0 ? 0 : 1);
  }

  private static long[] choose(Timeline timeline, int number, Random random) throws IOException {
    timeline.seek(Long.MAX_VALUE);
    long end = timeline.machine().steps();
    timeline.seekStep(Math.max(0, end - LATE));
    NavigableSet<Long> written = new TreeSet<>();
    Vcpu cpu = timeline.machine().vcpus().getFirst();
    cpu.memory()
        .watcher((linear, physical, bytes, access) -> {
          if (access == Access.WRITE && linear >= IMAGE) {
            written.add(physical & -BYTES);
          }
        });
    timeline.machine().slice(Long.MAX_VALUE, LATE / 4);
    cpu.memory().watcher(null);
    timeline.seek(Long.MAX_VALUE);
    List<Long> all = new ArrayList<>(written);
    long[] chosen = new long[number];
    for (int i = 0; i < number; i++) {
      chosen[i] = all.get(random.nextInt(all.size()));
    }
    return chosen;
  }

  /** Replays step by step, and logs each store to the variables. */
  private void log() throws IOException {
    for (long _ : variables) {
      logged.add(new TreeSet<>());
    }
    Machine[] built = new Machine[1];
    long start = System.nanoTime();
    try (RecordedPc pc = RecordedPc.open(directory);
        Machine machine =
            pc.builder()
                .engine((memory, model) ->
                    singleSteps(new InterpreterFactory().create(memory, model), built))
                .build()) {
      built[0] = machine;
      new Replay(machine, pc.recording()).run();
      System.out.printf(
          "%,d single steps in %.0f s%n",
          machine.steps(), (System.nanoTime() - start) / NANOSECONDS);
    }
  }

  private Engine singleSteps(Engine engine, Machine[] machine) {
    return (cpu, budget, stops) -> {
      long end = cpu.tick() + budget;
      RunExit exit = RunExit.BUDGET;
      while (exit == RunExit.BUDGET && cpu.tick() < end) {
        cpu.memory()
            .watcher((linear, physical, bytes, access) -> {
              if (access == Access.WRITE) {
                store(physical, bytes, machine[0]);
              }
            });
        exit = engine.run(cpu, 1, Stops.NONE);
      }
      return exit;
    };
  }

  private void store(long physical, int bytes, Machine machine) {
    for (int i = 0; i < variables.length; i++) {
      if (physical < variables[i] + BYTES && physical + bytes > variables[i]) {
        logged.get(i).add(machine.steps());
      }
    }
  }
}
