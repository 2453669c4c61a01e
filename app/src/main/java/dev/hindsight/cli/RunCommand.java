package dev.hindsight.cli;

import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineBuilder;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.OutputListener;
import dev.hindsight.board.PcChipset;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.World;
import dev.hindsight.gdb.GdbServer;
import dev.hindsight.timeline.Recorder;
import dev.hindsight.timeline.RecordingStore;
import dev.hindsight.timeline.Sources;
import dev.hindsight.timeline.live.ConsoleScript;
import dev.hindsight.timeline.live.LiveWorld;
import dev.hindsight.timeline.live.MergedWorld;
import dev.hindsight.timeline.live.Pace;
import dev.hindsight.timeline.store.BootFiles;
import dev.hindsight.timeline.store.DirectoryStore;
import dev.hindsight.timeline.store.DiskImages;
import dev.hindsight.timeline.store.PcImages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hindsight run}. */
@Command(
    name = "run",
    description = {
      "Runs a machine; its first serial port is this terminal (Ctrl-A X leaves).",
      "Everything that happens is recorded unless told otherwise."
    },
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  @Mixin private MachineOptions options = new MachineOptions();

  @Option(
      names = "--engine",
      paramLabel = "auto|interpreter",
      defaultValue = "auto",
      description = "What executes instructions (default: ${DEFAULT-VALUE}).")
  private Engines engine = Engines.AUTO;

  @Option(
      names = "--record",
      paramLabel = "DIR",
      description =
          "Where the recording goes; it must not exist. Default: a new directory among the user's"
              + " state, which is named at the start.")
  private @Nullable Path directory;

  @Option(names = "--no-record", description = "Record nothing.")
  private boolean unrecorded;

  @Option(
      names = "--pace",
      paramLabel = "realtime|none",
      description =
          "realtime: virtual time never leads the wall clock (the default at a terminal); none:"
              + " idle time is skipped.")
  private @Nullable Pace pace;

  @Option(
      names = "--script",
      paramLabel = "FILE",
      description = "Types to the console: lines of the form `wait for this => type that`.")
  private @Nullable Path script;

  @Option(
      names = "--until",
      paramLabel = "TICKS",
      description = "End the run at this tick (1 tick = 1 ns of virtual time).")
  private long until = World.NEVER;

  @Option(
      names = "--stats",
      paramLabel = "FILE",
      description = "Write what the run was, in numbers, as JSON.")
  private @Nullable Path stats;

  @Option(
      names = "--gdb",
      paramLabel = "N",
      description = "Let a debugger connect to this TCP port of this host; 0 for any.")
  private @Nullable Integer gdb;

  @Option(names = "--wait", description = "Begin to run when the debugger says so.")
  private boolean wait;

  @Override
  public Integer call() throws IOException {
    if (wait && gdb == null) {
      throw new IllegalArgumentException("--wait is for a debugger; say --gdb as well.");
    }
    if (unrecorded && directory != null) {
      throw new IllegalArgumentException("--record and --no-record exclude each other.");
    }
    if (until < 0) {
      throw new IllegalArgumentException("--until is a tick, which is never negative.");
    }
    Statistics.check(stats);
    Pace actualPace = pace == null ? defaultPace() : pace;
    List<ConsoleScript.Step> steps = script == null ? List.of() : ScriptFile.read(script);
    Sources sources = options.sources();
    BootFiles files = BootFiles.read(sources.boot(), Path.of(""), options.memory());
    try (GdbServer server = gdb == null ? null : GdbServer.open(gdb, Debuggers.commands());
        DiskImages disks = DiskImages.open(sources.disks(), Path.of(""));
        Console console = new Console()) {
      return run(builder(files, disks, actualPace), sources, actualPace, steps, console, server);
    }
  }

  private static Pace defaultPace() {
    return Console.isTerminal() ? Pace.REALTIME : Pace.NONE;
  }

  private MachineBuilder builder(BootFiles files, DiskImages disks, Pace actualPace) {
    MachineBuilder builder =
        Machine.builder()
            .cpuModel(options.cpu())
            .vcpus(options.vcpus())
            .memoryBytes(options.memory())
            .powerOnTime(options.powerOnTime(actualPace))
            .seed(options.seed(actualPace))
            .chipset(new PcChipset())
            .engine(engine.factory());
    try {
      PcImages.of(files, options.memory(), options.vcpus()).forEach(builder::image);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "The kernel " + options.kernel() + " cannot be booted: " + e.getMessage() + ".", e);
    }
    for (int i = 0; i < disks.images().size(); i++) {
      builder.disk("disk" + i, false, disks.images().get(i));
    }
    return builder;
  }

  private int run(
      MachineBuilder builder,
      Sources sources,
      Pace actualPace,
      List<ConsoleScript.Step> steps,
      Console console,
      @Nullable GdbServer server)
      throws IOException {
    LiveWorld people = new LiveWorld(actualPace, MachineBuilder.TICKS_PER_SECOND);
    ConsoleScript typist =
        new ConsoleScript(PcChipset.SERIAL, MachineBuilder.TICKS_PER_SECOND, steps);
    CountedWorld world =
        new CountedWorld(new PromptWorld(new MergedWorld(typist, people), console));
    OutputListener outputs =
        (device, value, tick) -> {
          if (device.equals(PcChipset.SERIAL)) {
            console.print(value);
          }
          typist.output(device, value, tick);
        };
    AtomicBoolean killed = new AtomicBoolean();
    Runnable kill =
        () -> {
          killed.set(true);
          people.send(new Input.PowerOff());
        };
    try (Interruption _ = new Interruption(kill);
        Machine machine = builder.world(world).outputs(outputs).build()) {
      Path place = unrecorded ? null : place();
      Outcome outcome;
      try (Recorder recorder = place == null ? null : recorder(machine, world, place, sources)) {
        if (place != null) {
          System.err.println("Recording to " + place + ".");
        }
        if (server != null) {
          Debuggers.announce(server);
        }
        console.raw();
        listen(console, people, kill);
        outcome =
            server == null
                ? LiveRun.run(machine, recorder, until)
                : DebuggedRun.run(machine, recorder, until, server, wait, kill);
      }
      console.close();
      return report(machine, place, world.inputs(), Exit.of(outcome, killed.get()));
    }
  }

  private Path place() throws IOException {
    return directory != null ? directory : RecordingPlace.next(System.getenv(), options.title());
  }

  private static Recorder recorder(Machine machine, World world, Path place, Sources sources)
      throws IOException {
    RecordingStore store = DirectoryStore.create(place);
    return new Recorder(machine, world, store, sources);
  }

  /** A script that has the console to itself makes runs that are the same each time. */
  private void listen(Console console, LiveWorld people, Runnable kill) {
    if (script != null && !console.isInteractive()) {
      people.end();
    } else {
      console.read(bytes -> people.type(PcChipset.SERIAL, bytes), kill, people::end);
    }
  }

  private int report(Machine machine, @Nullable Path place, long inputs, Exit exit)
      throws IOException {
    if (exit == Exit.TRIPLE_FAULT) {
      CrashReport.print(machine, System.err);
    }
    machine
        .exitCode()
        .ifPresent(code -> System.err.println("The guest ended with code " + code + "."));
    if (stats != null) {
      long logBytes = place == null ? 0 : RecordingPlace.logBytes(place);
      Statistics.of(machine, logBytes, inputs, exit).write(stats);
    }
    return exit.status();
  }
}
