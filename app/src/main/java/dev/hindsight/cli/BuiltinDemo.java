package dev.hindsight.cli;

import dev.hindsight.board.EngineFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineBuilder;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.OutputListener;
import dev.hindsight.board.PcChipset;
import dev.hindsight.board.StateDigest;
import dev.hindsight.board.builtin.BuiltinGuest;
import dev.hindsight.board.builtin.BuiltinMachine;
import dev.hindsight.bus.World;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.timeline.MachineFactory;
import dev.hindsight.timeline.Recorder;
import dev.hindsight.timeline.Recording;
import dev.hindsight.timeline.Replay;
import dev.hindsight.timeline.ScheduleTorture;
import dev.hindsight.timeline.live.ConsoleScript;
import dev.hindsight.timeline.store.DirectoryStore;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The demonstration of the built-in guest: boots it on two vCPUs, types to its console, records the
 * run, replays it, and replays it again under settings that must not matter.
 */
final class BuiltinDemo {
  private static final int VCPUS = 2;

  private static final List<ConsoleScript.Step> TYPED =
      List.of(
          new ConsoleScript.Step("> ", "help\r"),
          new ConsoleScript.Step("> ", "tasks\r"),
          new ConsoleScript.Step("> ", "uptime\r"),
          new ConsoleScript.Step("> ", "wait\r"));

  /** Longer than any run takes: 1,000 virtual seconds. */
  private static final long AT_MOST = 1_000_000_000_000L;

  private final PrintStream out;
  private final Path directory;
  private final BuiltinGuest guest;
  private final int schedules;
  private final EngineFactory engines = Engines.AUTO.factory();
  private final List<Row> rows = new ArrayList<>();

  private record Row(String what, long steps, double seconds, String hash) {}

  BuiltinDemo(PrintStream out, Path directory, int rounds, int schedules) {
    this.out = out;
    this.directory = directory;
    this.guest = new BuiltinGuest(rounds);
    this.schedules = schedules;
  }

  /** Runs it; returns whether all hashes agreed. */
  boolean run() throws IOException {
    record();
    Recording recording = Recording.read(DirectoryStore.open(directory));
    replay(recording);
    torture(recording);
    table(recording);
    return rows.stream().map(Row::hash).distinct().count() == 1;
  }

  private Machine machine(World world, OutputListener outputs, int tlbCapacity) {
    return BuiltinMachine.builder(guest, CpuModels.V2, VCPUS)
        .engine(engines)
        .world(world)
        .outputs(outputs)
        .tlbCapacity(tlbCapacity)
        .build();
  }

  private Machine machine(World world, OutputListener outputs) {
    return machine(world, outputs, Integer.MAX_VALUE);
  }

  private void record() throws IOException {
    out.println("-- It boots; a script types to it. Everything goes into " + directory + ".");
    ConsoleScript script =
        new ConsoleScript(PcChipset.SERIAL, MachineBuilder.TICKS_PER_SECOND, TYPED);
    OutputListener listener =
        (device, value, tick) -> {
          show(value);
          script.output(device, value, tick);
        };
    long begin = System.nanoTime();
    try (Machine machine = machine(World.EMPTY, listener);
        Recorder recorder = new Recorder(machine, script, DirectoryStore.create(directory))) {
      Outcome outcome = recorder.run(AT_MOST);
      if (outcome != Outcome.POWERED_OFF) {
        throw new IllegalStateException("The built-in guest ended with " + outcome + ".");
      }
      add("recorded run", machine.steps(), begin, machine.digest());
    }
  }

  private void replay(Recording recording) throws IOException {
    out.println();
    out.println("-- The same again, from the recording.");
    long begin = System.nanoTime();
    try (Machine machine = machine(World.EMPTY, (device, value, tick) -> show(value))) {
      new Replay(machine, recording).run();
      add("replay", machine.steps(), begin, machine.digest());
    }
  }

  private void torture(Recording recording) {
    out.println();
    out.println("-- And under settings that must not matter.");
    MachineFactory factory = this::machine;
    ScheduleTorture torture = new ScheduleTorture(recording, factory);
    List<ScheduleTorture.Settings> all = new ArrayList<>();
    all.add(new ScheduleTorture.Settings(1, 1, AT_MOST, 0));
    all.add(new ScheduleTorture.Settings(2, Integer.MAX_VALUE, 20_000, 0));
    all.add(new ScheduleTorture.Settings(3, 16, 1_000_000, 4));
    for (int i = 0; i < schedules; i++) {
      all.add(ScheduleTorture.Settings.random(100 + i));
    }
    for (ScheduleTorture.Settings settings : all) {
      long begin = System.nanoTime();
      ScheduleTorture.Result result = torture.run(settings);
      String tlb =
          settings.tlbCapacity() == Integer.MAX_VALUE ? "full" : "" + settings.tlbCapacity();
      add(
          "TLB %s, %d slices, %d restores".formatted(tlb, result.slices(), result.restores()),
          recording.seal().orElseThrow().steps(),
          begin,
          result.digest());
    }
  }

  private void add(String what, long steps, long begin, StateDigest digest) {
    double seconds = (System.nanoTime() - begin) / 1e9;
    rows.add(new Row(what, steps, seconds, HexFormat.of().toHexDigits(digest.total())));
  }

  private void show(int value) {
    if (value != '\r') {
      out.write(value);
      out.flush();
    }
  }

  private void table(Recording recording) throws IOException {
    out.println();
    out.printf("%-36s %14s %9s %7s  %s%n", "run", "instructions", "seconds", "MIPS", "state hash");
    for (Row r : rows) {
      out.printf(
          "%-36s %,14d %9.2f %7.1f  %s%n",
          r.what, r.steps, r.seconds, r.steps / r.seconds / 1e6, r.hash);
    }
    long distinct = rows.stream().map(Row::hash).distinct().count();
    out.printf(
        "%d runs, %s; %d inputs in a log of %,d bytes.%n",
        rows.size(),
        distinct == 1 ? "one hash" : distinct + " DIFFERENT hashes",
        recording.inputs().size(),
        logBytes());
  }

  private long logBytes() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(f -> !f.getFileName().toString().equals(Recording.DESCRIPTION))
          .mapToLong(f -> f.toFile().length())
          .sum();
    }
  }
}
