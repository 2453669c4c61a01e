package dev.hindsight.cli.ask;

import dev.hindsight.board.Machine;
import dev.hindsight.cli.EngineOption;
import dev.hindsight.cli.Engines;
import dev.hindsight.cli.Failure;
import dev.hindsight.timeline.ComparedRun;
import dev.hindsight.timeline.FirstDifference;
import dev.hindsight.timeline.Recording;
import dev.hindsight.timeline.Replay;
import dev.hindsight.timeline.ReplayDifference;
import dev.hindsight.timeline.RunDifference;
import dev.hindsight.timeline.store.RecordedPc;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code hindsight ask DIR first-difference}. */
@Command(
    name = "first-difference",
    description = {
      "At which instant do two runs first differ, and how?",
      "With DIR2 its run is the second one. With --engine2, --tlb2 or --generic2 the second run goes"
          + " on a machine with these settings, of DIR itself if there is no DIR2; none of them may"
          + " make a difference.",
      "With neither, the replay of DIR is compared with the hashes that were recorded.",
      "Ends with status 4 if there is a difference, else with 0."
    },
    mixinStandardHelpOptions = true)
final class FirstDifferenceQuestion implements Callable<Integer> {
  private static final int DIFFERENT = 4;
  private static final int MOST_INPUTS = 10;

  @ParentCommand private AskCommand ask = new AskCommand();

  @Parameters(index = "0", arity = "0..1", paramLabel = "DIR2", description = "Another recording.")
  private @Nullable Path other;

  @Mixin private EngineOption engine = new EngineOption();

  @Option(
      names = "--tlb",
      paramLabel = "N",
      defaultValue = "0",
      description = "Entries of a TLB at most (default: no limit).")
  private int tlb;

  @Option(
      names = "--generic",
      description = "Use the interpreter without fast operations, the plainest engine.")
  private boolean generic;

  @Option(
      names = "--engine2",
      paramLabel = EngineOption.LABEL,
      description = "The same for the second run; if none is given, it has those of the first.")
  private @Nullable Engines engine2;

  @Option(names = "--tlb2", paramLabel = "N", description = "As above.")
  private @Nullable Integer tlb2;

  @Option(names = "--generic2", description = "As above.")
  private boolean generic2;

  @Option(
      names = "--every",
      paramLabel = "STEPS",
      description = {
        "Compare the machines themselves, after each so many steps (default: 20,000,000, and hashes"
            + " of equal machines are trusted).",
        "A difference that goes away before the next comparison is not seen: the smaller, the"
            + " surer, and the slower."
      })
  private @Nullable Long every;

  @Option(names = "--json", description = "Say it in JSON.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (tlb < 0 || tlb2 != null && tlb2 < 0 || every != null && every < 1) {
      throw new CommandLine.ParameterException(
          spec == null ? new CommandLine(this) : spec.commandLine(),
          "A TLB has no fewer than 0 entries, and comparisons are at least 1 step apart");
    }
    RunSettings settings = new RunSettings(engine.engine(), tlb, generic);
    boolean second = engine2 != null || tlb2 != null || generic2;
    RunSettings settings2 =
        second
            ? new RunSettings(
                engine2 == null ? Engines.AUTO : engine2, tlb2 == null ? 0 : tlb2, generic2)
            : settings;
    PrintStream out = new PrintStream(new BufferedOutputStream(System.out));
    try {
      if (!json) {
        return second || other != null
            ? runs(settings, settings2, machine -> new DifferenceReport(machine, out))
            : recorded(settings, out);
      }
      // who is refused an answer gets no beginning of one
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      int status;
      try (DifferenceJson answer = new DifferenceJson(text)) {
        status =
            second || other != null
                ? runs(settings, settings2, _ -> answer)
                : recorded(settings, answer);
      }
      text.writeTo(out);
      return status;
    } finally {
      out.flush();
    }
  }

  private int runs(
      RunSettings settings, RunSettings settings2, Function<Machine, DifferenceAnswer> answers)
      throws IOException {
    Path directory2 = other == null ? ask.directory() : other;
    return runs(
        new DifferenceAnswer.Run(ask.directory(), settings),
        new DifferenceAnswer.Run(directory2, settings2),
        every,
        answers);
  }

  /**
   * Compares two runs.
   *
   * @param every steps between two comparisons, or null for the usual
   * @param answers makes whoever is told, of the machine of the first run
   * @return the status with which the question ends
   */
  static int runs(
      DifferenceAnswer.Run one,
      DifferenceAnswer.Run two,
      @Nullable Long every,
      Function<Machine, DifferenceAnswer> answers)
      throws IOException {
    try (RecordedPc pc = open(one.recording());
        RecordedPc pc2 = open(two.recording());
        ComparedRun first = run(pc, one.settings());
        ComparedRun second = run(pc2, two.settings())) {
      DifferenceAnswer answer = answers.apply(first.machine());
      answer.runs(
          one,
          two,
          DifferenceReport.differences(
              first.machine().description(), second.machine().description()));
      long stride = every == null ? FirstDifference.DEFAULT_STRIDE : every;
      FirstDifference search = new FirstDifference(first, second, stride);
      Optional<RunDifference> found =
          every == null && one.settings().equals(two.settings())
              ? search.findOfEqualEngines()
              : search.find();
      DifferenceAnswer.Disagreements disagreements =
          new DifferenceAnswer.Disagreements(first.disagreement(), second.disagreement());
      found.ifPresentOrElse(
          d -> answer.different(disagreements, d),
          () -> answer.equal(disagreements, first.machine().now(), first.machine().steps()));
      return found.isEmpty() && disagreements.isEmpty() ? 0 : DIFFERENT;
    }
  }

  private static RecordedPc open(Path directory) throws IOException {
    RecordedPc pc = RecordedPc.open(directory);
    pc.recording()
        .damage()
        .ifPresent(d -> System.err.println("hindsight: " + Failure.printable(d)));
    return pc;
  }

  private static ComparedRun run(RecordedPc pc, RunSettings settings) throws IOException {
    Machine machine = settings.machine(pc);
    try {
      return new ComparedRun(machine, pc.recording());
    } catch (IOException | RuntimeException e) {
      machine.close();
      throw e;
    }
  }

  /** A recording has hashes only: so it is the first of these that is not that of the replay. */
  private static @Nullable ReplayDifference differenceIn(Replay replay) throws IOException {
    try {
      replay.run();
      return null;
    } catch (ReplayDifference d) {
      return d;
    }
  }

  private int recorded(RunSettings settings, PrintStream out) throws IOException {
    try (RecordedPc pc = open(ask.directory());
        Machine machine = settings.machine(pc)) {
      Replay replay = new Replay(machine, pc.recording());
      ReplayDifference d = differenceIn(replay);
      if (d == null) {
        out.printf(
            "The replay is what was recorded, up to tick %d, where it was compared last.%n",
            replay.agreed());
        return 0;
      }
      out.println(Failure.printable(String.valueOf(d.getMessage())));
      List<String> inputs = inputs(pc.recording(), replay.agreed(), d.tick());
      inputs.stream().limit(MOST_INPUTS).forEach(i -> out.println(Failure.printable("Input " + i)));
      if (inputs.size() > MOST_INPUTS) {
        out.printf("and %d more inputs%n", inputs.size() - MOST_INPUTS);
      }
      out.println("The recording says no more; two machines can be compared to the step.");
      return DIFFERENT;
    }
  }

  private int recorded(RunSettings settings, DifferenceJson answer) throws IOException {
    try (RecordedPc pc = open(ask.directory());
        Machine machine = settings.machine(pc)) {
      answer.run(new DifferenceAnswer.Run(ask.directory(), settings));
      Replay replay = new Replay(machine, pc.recording());
      ReplayDifference d = differenceIn(replay);
      if (d == null) {
        answer.equal(replay.agreed());
        return 0;
      }
      answer.different(
          String.valueOf(d.getMessage()),
          replay.agreed(),
          d.tick(),
          inputs(pc.recording(), replay.agreed(), d.tick()));
      return DIFFERENT;
    }
  }

  private static List<String> inputs(Recording recording, long from, long until) {
    return recording.inputs().stream()
        .filter(i -> i.tick() >= from && i.tick() <= until)
        .map(i -> "at tick %d: %s".formatted(i.tick(), DifferenceReport.text(i.input())))
        .toList();
  }
}
