package dev.hindsight.cli.ask;

import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.timeline.Recording;
import dev.hindsight.timeline.RecordingException;
import dev.hindsight.timeline.Timeline;
import dev.hindsight.timeline.store.RecordedPc;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The recorded machine at the instant that a question is about. */
final class Present implements AutoCloseable {
  private final Path directory;
  private final RecordedPc pc;
  private final Timeline timeline;

  private Present(Path directory, RecordedPc pc, Timeline timeline) {
    this.directory = directory;
    this.pc = pc;
    this.timeline = timeline;
  }

  /**
   * Goes to a tick.
   *
   * @param at the tick, or the end of the recording if empty
   * @throws IOException if there is no such instant, or no such recording
   */
  static Present at(Path directory, OptionalLong at) throws IOException {
    RecordedPc pc = RecordedPc.open(directory);
    try {
      long tick = tick(directory, pc.recording(), at);
      Machine machine = pc.builder().engine(new InterpreterFactory()).build();
      try {
        Timeline timeline = new Timeline(machine, pc.recording());
        timeline.seek(tick);
        return new Present(directory, pc, timeline);
      } catch (IOException | RuntimeException e) {
        machine.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      pc.close();
      throw e;
    }
  }

  /** A tick of a recording, or its last one if none is said. */
  static long tick(Path directory, Recording recording, OptionalLong at) throws RecordingException {
    long last = recording.lastTick();
    long tick = at.orElse(last);
    if (tick < 0 || tick > last) {
      throw new RecordingException(
          "The recording at %s is from tick 0 to %d; there is no tick %d in it."
              .formatted(directory, last, tick));
    }
    return tick;
  }

  /** The recording, at this instant. */
  Timeline timeline() {
    return timeline;
  }

  /** The machine. */
  Machine machine() {
    return timeline.machine();
  }

  /**
   * One of its vCPUs.
   *
   * @throws RecordingException if there is none of this number
   */
  Vcpu vcpu(int number) throws RecordingException {
    int all = machine().vcpus().size();
    if (number < 0 || number >= all) {
      throw new RecordingException(
          "The machine of %s has the CPUs 0 to %d; there is no CPU %d."
              .formatted(directory, all - 1, number));
    }
    return machine().vcpus().get(number);
  }

  @Override
  public void close() throws IOException {
    try (pc) {
      timeline.close();
    }
  }
}
