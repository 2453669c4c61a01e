package dev.hindsight.cli;

import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.cli.ask.InstantOptions;
import dev.hindsight.cli.ask.OpenRecording;
import dev.hindsight.timeline.Branch;
import dev.hindsight.timeline.CheckpointStore;
import dev.hindsight.timeline.Instant;
import dev.hindsight.timeline.Recording;
import dev.hindsight.timeline.RecordingException;
import dev.hindsight.timeline.Sources;
import dev.hindsight.timeline.Timeline;
import dev.hindsight.timeline.live.ConsoleScript;
import dev.hindsight.timeline.live.Pace;
import dev.hindsight.timeline.store.CheckpointDirectory;
import dev.hindsight.timeline.store.DirectoryStore;
import dev.hindsight.timeline.store.RecordedPc;
import dev.hindsight.timeline.store.SourcePaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hindsight live}. */
@Command(
    name = "live",
    description = {
      "Goes live from an instant of a recording; the first serial port is this terminal (Ctrl-A X"
          + " leaves).",
      "What happens from then on goes into a new recording, which begins with what came until then."
          + " The old one stays as it is."
    },
    mixinStandardHelpOptions = true)
final class LiveCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DIR", description = "The recording.")
  private Path parent = Path.of("");

  @Mixin private InstantOptions instant = new InstantOptions();

  @Mixin private LiveOptions live = new LiveOptions();

  @Option(
      names = "--record",
      paramLabel = "NEW",
      description =
          "Where the new recording goes; it must not exist. Default: a new directory among the"
              + " user's state, which is named at the start.")
  private @Nullable Path directory;

  @Override
  public Integer call() throws IOException {
    live.check();
    Optional<Instant> at = instant.in(parent);
    Pace pace = live.pace();
    Optional<List<ConsoleScript.Step>> script = live.script();
    if (directory != null && Files.exists(directory)) {
      throw new RecordingException("There is a recording or something else at " + directory + ".");
    }
    try (RecordedPc pc = RecordedPc.open(parent);
        Console console = new Console()) {
      LiveSession session = new LiveSession(console, pace, script);
      Path place = directory != null ? directory : place();
      try (Branch branch = branch(pc, at, session, place);
          CheckpointStore _ =
              live.checkpoints(branch.recorder(), branch.machine().description(), place);
          Interruption _ = new Interruption(session::kill)) {
        session.begin();
        Outcome outcome = branch.recorder().run(live.until());
        branch.recorder().close();
        return session.report(branch.machine(), outcome, place, live.stats());
      }
    }
  }

  private Path place() throws IOException {
    return RecordingPlace.next(System.getenv(), String.valueOf(parent.getFileName()) + "-live");
  }

  private Branch branch(RecordedPc pc, Optional<Instant> at, LiveSession session, Path place)
      throws IOException {
    Recording recording = pc.recording();
    recording.damage().ifPresent(d -> System.err.println("hindsight: " + Failure.printable(d)));
    Instant there = at.orElse(new Instant.Tick(recording.lastTick()));
    InstantOptions.check(parent, recording, there);
    Sources sources = SourcePaths.absolute(parent, recording.sources());
    Machine machine = pc.builder().engine(live.engine().factory()).build();
    try (CheckpointDirectory kept = OpenRecording.checkpoints(parent, recording);
        Timeline timeline = OpenRecording.timeline(machine, recording, kept)) {
      Outcome outcome = there.seek(timeline);
      InstantOptions.checkReached(parent, timeline, there);
      if (outcome == Outcome.POWERED_OFF || outcome == Outcome.TRIPLE_FAULT) {
        throw new RecordingException(
            "The machine of %s has ended at tick %d; name an earlier instant by --at or --step."
                .formatted(parent, machine.now()));
      }
      Branch branch =
          Branch.of(
              timeline,
              Failure.printable(parent.toAbsolutePath().normalize().toString()),
              session.world(),
              session.outputs(),
              DirectoryStore.create(place),
              sources);
      System.err.printf(
          "Live from tick %d of %s, after %d instructions; recording to %s.%n",
          machine.now(), parent, machine.steps(), place);
      return branch;
    }
  }
}
