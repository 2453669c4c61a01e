package dev.hindsight.cli.ask;

import dev.hindsight.board.EngineFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.timeline.Instant;
import dev.hindsight.timeline.Recording;
import dev.hindsight.timeline.RecordingException;
import dev.hindsight.timeline.Timeline;
import dev.hindsight.timeline.live.HostCores;
import dev.hindsight.timeline.store.CheckpointDirectory;
import dev.hindsight.timeline.store.RecordedPc;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A recording in a directory as a timeline, with the checkpoints that are kept beside it, and with
 * all processors of the host for searches.
 */
public final class OpenRecording implements AutoCloseable {
  private final Path directory;
  private final List<RecordedPc> open = new ArrayList<>();
  private final Recording recording;
  private final CheckpointDirectory checkpoints;
  private final Timeline timeline;
  private final Consumer<String> progress;

  private OpenRecording(Path directory, EngineFactory engine, Consumer<String> progress)
      throws IOException {
    this.directory = directory;
    this.progress = progress;
    RecordedPc pc = RecordedPc.open(directory);
    open.add(pc);
    try {
      recording = pc.recording();
      checkpoints = checkpoints(directory, recording);
      timeline = timeline(pc.builder().engine(engine).build(), recording, checkpoints);
    } catch (IOException | RuntimeException e) {
      pc.close();
      throw e;
    }
    timeline.help(new HostCores(), HostCores.available() - 1, () -> another(engine));
  }

  /** The checkpoints beside a recording. */
  public static CheckpointDirectory checkpoints(Path directory, Recording recording) {
    return CheckpointDirectory.open(
        directory,
        recording.description(),
        recording::pastDigest,
        CheckpointDirectory.DEFAULT_BUDGET,
        warning -> System.err.println("hindsight: " + warning));
  }

  /** A timeline that keeps checkpoints there. */
  public static Timeline timeline(
      Machine machine, Recording recording, CheckpointDirectory checkpoints) throws IOException {
    return new Timeline(
        machine, recording, Timeline.DEFAULT_INTERVAL, Timeline.DEFAULT_BUDGET, checkpoints);
  }

  private Machine another(EngineFactory engine) throws IOException {
    RecordedPc pc = RecordedPc.open(directory);
    open.add(pc);
    return pc.builder().engine(engine).build();
  }

  /**
   * Opens a recording, at power-on.
   *
   * @param engine what executes instructions
   * @param progress who is told how far long work has come
   * @throws IOException if there is no such recording, or it cannot be replayed
   */
  public static OpenRecording of(Path directory, EngineFactory engine, Consumer<String> progress)
      throws IOException {
    return new OpenRecording(directory, engine, progress);
  }

  /** The recording. */
  public Recording recording() {
    return recording;
  }

  /** The timeline. */
  public Timeline timeline() {
    return timeline;
  }

  /**
   * Goes to an instant, or to the end.
   *
   * @throws IOException if there is no such instant; the message is one sentence
   */
  public void go(Optional<Instant> at) throws IOException {
    Instant instant = at.orElse(new Instant.Tick(recording.lastTick()));
    InstantOptions.check(directory, recording, instant);
    timeline.watch(present -> progress.accept(progressTo(instant)));
    instant.seek(timeline);
    timeline.watch(present -> {});
    progress.accept("");
    InstantOptions.checkReached(directory, timeline, instant);
  }

  private String progressTo(Instant instant) {
    return switch (instant) {
      case Instant.Tick(long tick) -> percent(timeline.machine().now(), tick);
      case Instant.Step(long steps) -> percent(timeline.machine().steps(), steps);
    };
  }

  private static String percent(long done, long of) {
    return "Replaying: %d %%".formatted(Math.min(100, (long) (100.0 * done / Math.max(1, of))));
  }

  /**
   * A vCPU of the machine.
   *
   * @throws RecordingException if there is none of this number
   */
  public Vcpu vcpu(int number) throws RecordingException {
    List<Vcpu> all = timeline.machine().vcpus();
    if (number < 0 || number >= all.size()) {
      throw new RecordingException(
          "The machine of %s has the CPUs 0 to %d; there is no CPU %d."
              .formatted(directory, all.size() - 1, number));
    }
    return all.get(number);
  }

  @Override
  public void close() throws IOException {
    timeline.close();
    checkpoints.close();
    for (RecordedPc pc : open) {
      pc.close();
    }
  }
}
