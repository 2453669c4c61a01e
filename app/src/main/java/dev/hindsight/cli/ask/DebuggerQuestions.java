package dev.hindsight.cli.ask;

import dev.hindsight.gdb.MonitorCommand;
import dev.hindsight.timeline.Moment;
import dev.hindsight.timeline.Timeline;
import dev.hindsight.timeline.store.RecordedPc;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.TypeConversionException;

/**
 * Questions to a recording that a debugger shows, as {@code monitor} commands. They leave the
 * debugger where it is.
 */
public final class DebuggerQuestions {
  private static final String PHYSICAL = "physical";

  private final Path directory;
  private final Timeline timeline;

  /**
   * About a recording.
   *
   * @param directory where it is
   * @param timeline what the debugger moves in
   */
  public DebuggerQuestions(Path directory, Timeline timeline) {
    this.directory = directory;
    this.timeline = timeline;
  }

  /** The commands. */
  public List<MonitorCommand> commands() {
    return List.of(
        new MonitorCommand(
            "who-wrote ADDR[:LEN] [physical]",
            "who wrote there last, before this instant",
            this::whoWrote),
        new MonitorCommand(
            "first-difference DIR2",
            "where another recording first differs from this one",
            this::firstDifference),
        new MonitorCommand(
            "console", "what the first serial port had sent until this instant", this::console));
  }

  private String whoWrote(MonitorCommand.Present present, List<String> arguments)
      throws IOException {
    boolean physical = arguments.size() == 2 && arguments.getLast().equals(PHYSICAL);
    if (!physical && arguments.size() != 1) {
      throw new IllegalArgumentException("");
    }
    requireRecorded(present);
    MemoryRange range = new MemoryRange(addresses(arguments.getFirst()), physical);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(text, false, StandardCharsets.UTF_8);
    Moment there = timeline.present();
    boolean done;
    try {
      done =
          new WhoWrote(timeline, present.cpu(), range, out)
              .last(present.interruption()::isInterrupted);
    } finally {
      timeline.go(there);
    }
    out.flush();
    return done ? text.toString(StandardCharsets.UTF_8) : "It was not looked for to the end.\n";
  }

  private String console(MonitorCommand.Present present, List<String> arguments)
      throws IOException {
    if (!arguments.isEmpty()) {
      throw new IllegalArgumentException("");
    }
    requireRecorded(present);
    Moment there = timeline.present();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(text, false, StandardCharsets.UTF_8);
    boolean done;
    try (RecordedPc pc = RecordedPc.open(directory)) {
      // while all vCPUs are halted ticks pass and steps do not
      long tick = there.begun() ? Long.MAX_VALUE : there.tick();
      long steps = there.begun() ? there.steps() : Long.MAX_VALUE;
      done = SerialText.write(pc, tick, steps, out, present.interruption()::isInterrupted);
    }
    out.flush();
    String sent = text.toString(StandardCharsets.ISO_8859_1);
    return done ? sent.endsWith("\n") ? sent : sent + "\n" : "It was not replayed up to here.\n";
  }

  private static void requireRecorded(MonitorCommand.Present present) throws IOException {
    if (present.target().hasLeftRecording()) {
      throw new IOException(
          "This is no instant of the recording; that of the branch can be asked.");
    }
  }

  private static Addresses addresses(String text) {
    try {
      return new Addresses.Converter().convert(text);
    } catch (TypeConversionException e) {
      throw new IllegalArgumentException(e.getMessage() + ".", e);
    }
  }

  private String firstDifference(MonitorCommand.Present present, List<String> arguments)
      throws IOException {
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("");
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(text, false, StandardCharsets.UTF_8);
    int _ =
        FirstDifferenceQuestion.runs(
            new DifferenceAnswer.Run(directory, RunSettings.USUAL),
            new DifferenceAnswer.Run(Path.of(String.join(" ", arguments)), RunSettings.USUAL),
            null,
            machine -> new DifferenceReport(machine, out));
    out.flush();
    return text.toString(StandardCharsets.UTF_8);
  }
}
