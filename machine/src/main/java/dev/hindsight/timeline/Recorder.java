package dev.hindsight.timeline;

import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.bus.World;
import java.io.IOException;

/**
 * Runs a machine and writes its recording.
 *
 * <p>Closing it seals the recording with the instant and the state that the machine has reached. A
 * recording that was not sealed, because the process ended, can be replayed as far as it goes.
 */
public final class Recorder implements AutoCloseable {
  private final Machine machine;
  private final LogWriter log;
  private final long hashInterval;
  private long nextHash;
  private Outcome outcome = Outcome.LIMIT;
  private boolean closed;

  /**
   * Begins a recording of a machine that is at power-on; a hash is written once a virtual second.
   *
   * @param live where inputs come from
   */
  public Recorder(Machine machine, World live, RecordingStore store) throws IOException {
    this(machine, live, store, machine.description().ticksPerSecond());
  }

  /**
   * Begins a recording of a machine that is at power-on.
   *
   * @param live where inputs come from
   * @param hashInterval ticks between two hashes of the state
   */
  public Recorder(Machine machine, World live, RecordingStore store, long hashInterval)
      throws IOException {
    if (machine.now() != 0 || machine.steps() != 0) {
      throw new IllegalArgumentException("a recording begins at power-on");
    }
    this.machine = machine;
    this.hashInterval = hashInterval;
    nextHash = hashInterval;
    store.write(Recording.DESCRIPTION, DescriptionFormat.write(machine.description()));
    log = new LogWriter(store.append(Recording.LOG));
    machine.connect(new RecordingWorld(live, log));
  }

  /**
   * Runs the machine as {@link Machine#run} does.
   *
   * @throws IOException if the recording cannot be written; the machine has stopped, and can go on
   *     if that was mended
   */
  public Outcome run(long until) throws IOException {
    do {
      outcome = machine.run(Math.min(until, nextHash));
      log.flush();
      if (outcome == Outcome.LIMIT && machine.now() >= nextHash) {
        nextHash = (machine.now() / hashInterval + 1) * hashInterval;
        log.hash(machine.digest());
      }
    } while (outcome == Outcome.LIMIT && machine.now() < until);
    return outcome;
  }

  /** Seals the recording. */
  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      try (log) {
        log.seal(new Seal(outcome, machine.steps(), machine.digest()));
      }
    }
  }
}
