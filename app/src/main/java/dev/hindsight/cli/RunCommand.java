package dev.hindsight.cli;

import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineBuilder;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.PcChipset;
import dev.hindsight.bus.World;
import dev.hindsight.gdb.GdbServer;
import dev.hindsight.timeline.CheckpointStore;
import dev.hindsight.timeline.Recorder;
import dev.hindsight.timeline.RecordingStore;
import dev.hindsight.timeline.Sources;
import dev.hindsight.timeline.live.ConsoleScript;
import dev.hindsight.timeline.live.Pace;
import dev.hindsight.timeline.store.BootFiles;
import dev.hindsight.timeline.store.DirectoryStore;
import dev.hindsight.timeline.store.DiskImages;
import dev.hindsight.timeline.store.PcImages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
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

  @Mixin private LiveOptions live = new LiveOptions();

  @Mixin private BlockTrace trace = new BlockTrace();

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
    live.check();
    Pace pace = live.pace();
    Optional<List<ConsoleScript.Step>> script = live.script();
    Sources sources = options.sources();
    BootFiles files = BootFiles.read(sources.boot(), Path.of(""), options.memory());
    trace.open();
    try (BlockTrace _ = trace;
        GdbServer server = gdb == null ? null : GdbServer.open(gdb, Debuggers.commands());
        DiskImages disks = DiskImages.open(sources.disks(), Path.of(""));
        Console console = new Console()) {
      LiveSession session = new LiveSession(console, pace, script);
      return run(builder(files, disks, pace), sources, session, server);
    }
  }

  private MachineBuilder builder(BootFiles files, DiskImages disks, Pace pace) {
    MachineBuilder builder =
        Machine.builder()
            .cpuModel(options.cpu())
            .vcpus(options.vcpus())
            .memoryBytes(options.memory())
            .powerOnTime(options.powerOnTime(pace))
            .seed(options.seed(pace))
            .chipset(new PcChipset())
            .engine(live.engine().factory(trace.listener()));
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
      MachineBuilder builder, Sources sources, LiveSession session, @Nullable GdbServer server)
      throws IOException {
    World world = session.world();
    try (Interruption _ = new Interruption(session::kill);
        Machine machine = builder.world(world).outputs(session.outputs()).build()) {
      Path place = unrecorded ? null : place();
      Outcome outcome;
      try (Recorder recorder = place == null ? null : recorder(machine, world, place, sources);
          CheckpointStore _ =
              recorder == null || place == null
                  ? CheckpointStore.NONE
                  : live.checkpoints(recorder, machine.description(), place)) {
        if (place != null) {
          System.err.println("Recording to " + place + ".");
        }
        if (server != null) {
          Debuggers.announce(server);
        }
        session.begin();
        outcome =
            server == null
                ? LiveRun.run(machine, recorder, live.until())
                : DebuggedRun.run(machine, recorder, live.until(), server, wait, session::kill);
      }
      return session.report(machine, outcome, place, live.stats());
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
}
