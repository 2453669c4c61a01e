package dev.hindsight.cli;

import dev.hindsight.cli.ask.RegisterDump;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.gdb.GdbServer;
import dev.hindsight.gdb.MonitorCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the commands that wait for debuggers have in common. */
final class Debuggers {
  private Debuggers() {}

  /** What can be typed behind {@code monitor} besides what the server has itself. */
  static List<MonitorCommand> commands() {
    return List.of(
        new MonitorCommand(
            "registers",
            "the registers that matter to systems",
            (present, _) -> dump(present.cpu())));
  }

  private static String dump(Vcpu cpu) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, false, StandardCharsets.UTF_8);
    RegisterDump.print(cpu, print);
    print.flush();
    return out.toString(StandardCharsets.UTF_8);
  }

  /** Says where debuggers are waited for. */
  static void announce(GdbServer server) throws IOException {
    int port = server.port();
    System.err.printf(
        "Waiting for a debugger at 127.0.0.1:%d: gdb -ex 'target remote :%d'%n", port, port);
  }

  /** Says why a connection ended, if that was not in order. */
  static void report(@Nullable String trouble) {
    if (trouble != null) {
      System.err.println("hindsight: " + Failure.printable(trouble));
    }
  }
}
