package dev.hindsight.timeline;

import dev.hindsight.board.Machine;
import dev.hindsight.board.OutputListener;
import dev.hindsight.bus.World;
import java.io.IOException;
import java.util.Optional;

/**
 * A machine that goes on live from an instant of a recording, in a recording of its own.
 *
 * <p>The new recording begins with what came until then, so that it is replayed from power-on like
 * every other, and needs nothing of the one that it branched off from. That one, and the timeline,
 * stay as they are; the machines share memory until it is written.
 */
public final class Branch implements AutoCloseable {
  private final Machine machine;
  private final Recorder recorder;

  private Branch(Machine machine, Recorder recorder) {
    this.machine = machine;
    this.recorder = recorder;
  }

  /**
   * Goes live from the present of a timeline.
   *
   * @param name what the timeline's recording is called: a fact for people
   * @param live where inputs come from
   * @param outputs who hears what the machine sends from now on
   * @param store where the new recording goes
   * @param sources where the machine's contents came from, as seen from the new recording
   * @throws IOException if the store cannot be written
   * @throws IllegalArgumentException if the name cannot be written down; the message is a sentence
   */
  public static Branch of(
      Timeline timeline,
      String name,
      World live,
      OutputListener outputs,
      RecordingStore store,
      Sources sources)
      throws IOException {
    try (Checkpoint present = timeline.save()) {
      Past past = Past.of(timeline.recording(), present);
      String digest = past.digest(timeline.recording().description());
      Origin origin = new Origin(name, present.tick(), present.steps(), digest);
      Machine machine = timeline.machine().fork(present.state(), live, outputs, Integer.MAX_VALUE);
      try {
        Recorder recorder = new Recorder(machine, live, store, sources, past, Optional.of(origin));
        return new Branch(machine, recorder);
      } catch (IOException | RuntimeException e) {
        machine.close();
        throw e;
      }
    }
  }

  /** The machine, to be looked at; it is run by the {@linkplain #recorder recorder}. */
  public Machine machine() {
    return machine;
  }

  /** What runs it, and writes its recording. */
  public Recorder recorder() {
    return recorder;
  }

  /** Seals the recording as {@link Recorder#close} does, and gives the machine's memory back. */
  @Override
  public void close() throws IOException {
    try (machine) {
      recorder.close();
    }
  }
}
