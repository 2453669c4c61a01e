package dev.hindsight.cli.check;

import dev.hindsight.assertion.CheckJob;
import dev.hindsight.assertion.CheckedInterval;
import dev.hindsight.assertion.Checker;
import dev.hindsight.assertion.Finding;
import dev.hindsight.assertion.Verdict;
import dev.hindsight.cli.EngineOption;
import dev.hindsight.cli.Progress;
import dev.hindsight.cli.ask.OpenRecording;
import dev.hindsight.timeline.Recording;
import dev.hindsight.timeline.live.HostCores;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hindsight check}. */
@Command(
    name = "check",
    description = {
      "Replays a recording and makes the checks that were skipped when it was recorded.",
      "Ends with status 0 if all held, 1 if one did not, 4 if the replay is not what was recorded."
    },
    mixinStandardHelpOptions = true)
public final class CheckCommand implements Callable<Integer> {
  private static final int NOT_HELD = 1;

  @Parameters(index = "0", paramLabel = "DIR", description = "The recording.")
  private Path directory = Path.of("");

  @Mixin private EngineOption engine = new EngineOption();

  @Option(
      names = "--only",
      paramLabel = "NAME",
      description = "Only checks of this function, file, FILE:LINE or expression.")
  private @Nullable String only;

  @Option(
      names = "--limit-ticks",
      paramLabel = "N",
      defaultValue = "" + Checker.DEFAULT_LIMIT,
      description = "Most ticks that a check may take (default: ${DEFAULT-VALUE}).")
  private long limit;

  @Option(names = "--stop-at-first", description = "Look no further when a check did not hold.")
  private boolean stopAtFirst;

  @Option(names = "--json", description = "Write one JSON object.")
  private boolean json;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "How many machines replay at once (default: one for each processor).")
  private int jobs = HostCores.available();

  @Option(
      names = "--interval",
      paramLabel = "STEPS",
      defaultValue = "" + CheckJob.DEFAULT_INTERVAL,
      description = "How much one machine checks before it takes more (default: ${DEFAULT-VALUE}).")
  private long interval;

  @Override
  public Integer call() throws IOException {
    if (limit < 1) {
      throw new IllegalArgumentException("A check takes at least one tick.");
    }
    if (interval < 1) {
      throw new IllegalArgumentException("An interval has at least one step.");
    }
    if (jobs < 1) {
      throw new IllegalArgumentException("At least one machine replays.");
    }
    PrintStream out = new PrintStream(new BufferedOutputStream(System.out));
    CheckedInterval result = check();
    try {
      if (json) {
        CheckJson.write(result, out);
      } else {
        CheckReport.print(result, out);
      }
    } finally {
      out.flush();
    }
    return result.findings().stream().anyMatch(CheckCommand::isFailure) ? NOT_HELD : 0;
  }

  private static boolean isFailure(Finding finding) {
    return finding.verdict() != Verdict.HELD;
  }

  private boolean isWanted(Finding finding) {
    return only == null || finding.place().matches(only);
  }

  private CheckedInterval check() throws IOException {
    List<OpenRecording> open = new ArrayList<>();
    try {
      for (int i = 0; i < jobs; i++) {
        open.add(OpenRecording.of(directory, engine.engine().factory(), Progress.line()));
      }
      List<Checker> checkers = new ArrayList<>();
      for (OpenRecording o : open) {
        checkers.add(new Checker(o.timeline(), limit));
      }
      Consumer<String> line = Progress.line();
      ExpectedEnd end = new ExpectedEnd(steps(open.getFirst().recording()));
      CheckJob job =
          new CheckJob(
              interval,
              f -> stopAtFirst && isFailure(f) && isWanted(f),
              done -> line.accept(end.after(done)));
      CheckedInterval all = job.run(checkers, new HostCores());
      line.accept("");
      return new CheckedInterval(
          all.checks(),
          all.findings().stream().filter(this::isWanted).toList(),
          all.notes(),
          all.last());
    } finally {
      for (OpenRecording o : open) {
        o.close();
      }
    }
  }

  /** Steps of the recorded run, or 0 if nobody knows. */
  private static long steps(Recording recording) {
    return recording.seal().map(s -> s.steps()).orElse(0L);
  }
}
