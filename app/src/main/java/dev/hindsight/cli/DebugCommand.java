package dev.hindsight.cli;

import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.gdb.GdbServer;
import dev.hindsight.gdb.RecordedTarget;
import dev.hindsight.timeline.Timeline;
import dev.hindsight.timeline.store.RecordedPc;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hindsight debug}. */
@Command(
    name = "debug",
    description = {
      "Waits for gdb, or another debugger that speaks its protocol, and shows it a recording,",
      "forwards and backwards: from power-on, and each debugger from where the last one was.",
      "The recording stays as it is. Only this host can connect."
    },
    mixinStandardHelpOptions = true)
final class DebugCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DIR", description = "The recording.")
  private Path directory = Path.of("");

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "1234",
      description = "TCP port; 0 for any that is free (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(names = "--once", description = "End when the first debugger has gone.")
  private boolean once;

  @Override
  public Integer call() throws IOException {
    try (RecordedPc pc = RecordedPc.open(directory);
        GdbServer server = GdbServer.open(port, Debuggers.commands());
        Timeline timeline = timeline(pc)) {
      RecordedTarget target = new RecordedTarget(timeline);
      Debuggers.announce(server);
      do {
        Debuggers.report(server.serve(target));
      } while (!once);
    }
    return 0;
  }

  private static Timeline timeline(RecordedPc pc) throws IOException {
    Machine machine = pc.builder().engine(new InterpreterFactory()).build();
    try {
      return new Timeline(machine, pc.recording());
    } catch (IOException | RuntimeException e) {
      machine.close();
      throw e;
    }
  }
}
