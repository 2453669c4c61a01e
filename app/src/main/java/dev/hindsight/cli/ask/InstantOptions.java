package dev.hindsight.cli.ask;

import dev.hindsight.timeline.Instant;
import dev.hindsight.timeline.Recording;
import dev.hindsight.timeline.RecordingException;
import dev.hindsight.timeline.Timeline;
import dev.hindsight.timeline.store.Marks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** How an instant of a recording is named on the command line. */
public final class InstantOptions {
  @Option(
      names = "--at",
      paramLabel = "TICK|MARK",
      scope = ScopeType.INHERIT,
      description =
          "The instant, before anything happens at this tick; or the one that has this name.")
  private @Nullable String at;

  @Option(
      names = "--step",
      paramLabel = "N",
      scope = ScopeType.INHERIT,
      description = "The instant after so many instructions of all CPUs.")
  private @Nullable Long step;

  /** Nothing is said yet. */
  public InstantOptions() {}

  /**
   * The instant that was named; empty if none was.
   *
   * @param directory the recording
   * @throws IOException if it has no such mark; the message is one sentence
   */
  public Optional<Instant> in(Path directory) throws IOException {
    if (at != null && step != null) {
      throw new IllegalArgumentException("--at and --step exclude each other.");
    }
    if (step != null) {
      return Optional.of(new Instant.Step(step));
    }
    if (at == null) {
      return Optional.empty();
    }
    if (at.matches("-?[0-9]{1,18}")) {
      return Optional.of(new Instant.Tick(Long.parseLong(at)));
    }
    Optional<Instant> mark = Marks.of(directory).find(at);
    if (mark.isEmpty()) {
      throw new RecordingException(
          "The recording at " + directory + " has no mark named " + at + ".");
    }
    return mark;
  }

  /**
   * Checks that an instant lies within a recording, as far as that is known without a replay.
   *
   * @throws RecordingException if it does not; the message is one sentence
   */
  public static void check(Path directory, Recording recording, Instant instant)
      throws RecordingException {
    switch (instant) {
      case Instant.Tick(long tick) -> {
        long last = recording.lastTick();
        if (tick < 0 || tick > last) {
          throw new RecordingException(
              "The recording at %s is from tick 0 to %d; there is no tick %d in it."
                  .formatted(directory, last, tick));
        }
      }
      case Instant.Step(long steps) -> {
        long last = recording.seal().map(s -> s.steps()).orElse(Long.MAX_VALUE);
        if (steps < 0 || steps > last) {
          throw new RecordingException(
              "The recording at %s has %d instructions; there is no instant after %d."
                  .formatted(directory, last, steps));
        }
      }
    }
  }

  /**
   * Checks that a timeline has come to an instant: how many steps there are is not known before if
   * the recording was cut short.
   *
   * @throws RecordingException if it has not; the message is one sentence
   */
  public static void checkReached(Path directory, Timeline timeline, Instant instant)
      throws RecordingException {
    if (instant instanceof Instant.Step(long steps) && timeline.machine().steps() < steps) {
      throw new RecordingException(
          "The recording at %s ends after %d instructions; there is no instant after %d."
              .formatted(directory, timeline.machine().steps(), steps));
    }
  }
}
