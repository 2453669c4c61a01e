package dev.hindsight.cli;

import dev.hindsight.cli.ask.DebuggerQuestions;
import dev.hindsight.cli.ask.OpenRecording;
import dev.hindsight.gdb.GdbServer;
import dev.hindsight.gdb.MonitorCommand;
import dev.hindsight.gdb.RecordedTarget;
import dev.hindsight.timeline.store.Marks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hindsight debug}. */
@Command(
    name = "debug",
    description = {
      "Waits for gdb, or another debugger that speaks its protocol, and shows it a recording,",
      "forwards and backwards: from power-on, and each debugger from where the last one was.",
      "The recording stays as it is: who changes registers or memory goes on in a live branch, with"
          + " a recording of its own. Only this host can connect."
    },
    mixinStandardHelpOptions = true)
final class DebugCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DIR", description = "The recording.")
  private Path directory = Path.of("");

  @Mixin private EngineOption engine = new EngineOption();

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "1234",
      description = "TCP port; 0 for any that is free (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(names = "--once", description = "End when the first debugger has gone.")
  private boolean once;

  @Option(
      names = "--record",
      paramLabel = "NEW",
      description =
          "Where the branch is recorded to if something is changed; it must not exist. Default: a"
              + " new directory among the user's state, which is named then.")
  private @Nullable Path branch;

  @Override
  public Integer call() throws IOException {
    try (OpenRecording recording =
            OpenRecording.of(directory, engine.engine().factory(), Progress.NONE);
        GdbServer server = GdbServer.open(port, () -> Marks.of(directory), commands(recording))) {
      recording
          .recording()
          .damage()
          .ifPresent(d -> System.err.println("hindsight: " + Failure.printable(d)));
      Debuggers.announce(server);
      do {
        try (DebugBranch changes = new DebugBranch(directory, branch)) {
          Debuggers.report(server.serve(new RecordedTarget(recording.timeline(), changes)));
        }
      } while (!once);
    }
    return 0;
  }

  private List<MonitorCommand> commands(OpenRecording recording) {
    List<MonitorCommand> all = new ArrayList<>(Debuggers.commands());
    all.addAll(new DebuggerQuestions(directory, recording.timeline()).commands());
    return all;
  }
}
