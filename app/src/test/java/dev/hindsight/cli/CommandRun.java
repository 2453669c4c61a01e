package dev.hindsight.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/**
 * What a command did.
 *
 * @param status its exit status
 * @param out what it wrote
 * @param err what it said was wrong
 */
public record CommandRun(int status, String out, String err) {
  /** Runs one. */
  public static CommandRun of(String... arguments) {
    PrintStream before = System.out;
    PrintStream beforeErr = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream systemErr = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(systemErr, true, StandardCharsets.UTF_8));
    try {
      CommandLine line = Hindsight.commandLine().setErr(new PrintWriter(err, true));
      int status = line.execute(arguments);
      return new CommandRun(
          status,
          out.toString(StandardCharsets.UTF_8),
          err + systemErr.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(before);
      System.setErr(beforeErr);
    }
  }
}
