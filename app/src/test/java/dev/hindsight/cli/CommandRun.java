package dev.hindsight.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/**
 * A command that was run in this process.
 *
 * @param status its exit status
 * @param out what it wrote to the standard output, the guest's console left out
 * @param err what it wrote to the standard error output
 */
record CommandRun(int status, String out, String err) {
  /** Runs a command. */
  static CommandRun of(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    try (PrintStream newOut = new PrintStream(outBytes, true, StandardCharsets.UTF_8);
        PrintStream newErr = new PrintStream(errBytes, true, StandardCharsets.UTF_8)) {
      System.setOut(newOut);
      System.setErr(newErr);
      CommandLine line = Hindsight.commandLine();
      line.setOut(new PrintWriter(newOut, true));
      line.setErr(new PrintWriter(newErr, true));
      int status = line.execute(arguments);
      return new CommandRun(
          status,
          outBytes.toString(StandardCharsets.UTF_8),
          errBytes.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }
}
