package dev.hindsight.timeline;

import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineDescription;
import dev.hindsight.board.Outcome;
import dev.hindsight.bus.World;
import dev.hindsight.cpu.StopObserver;
import dev.hindsight.cpu.Stops;
import dev.hindsight.storage.BlockWitness;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Runs a machine and writes its recording.
 *
 * <p>The machine runs in slices of a virtual millisecond of execution, so that a world that does
 * not know its inputs in advance is asked often enough; what came is written after each slice, and
 * before the machine waits. Once a virtual second a hash of the state is written. So if this
 * process is killed, whenever that is, the recording can be replayed up to the last full virtual
 * second.
 *
 * <p>Closing it seals the recording with the instant and the state that the machine has reached,
 * unless {@link #run} did not return but threw something: then it stays without a seal, as if the
 * process had been killed.
 */
public final class Recorder implements AutoCloseable {
  private static final long SLICES_PER_SECOND = 1000;

  private final Machine machine;
  private final World live;
  private final LogWriter log;
  private final long hashInterval;
  private final long slice;
  private long nextHash;
  private Outcome outcome = Outcome.LIMIT;
  private boolean stopped = true;
  private boolean closed;

  /**
   * Begins a recording of a machine that is at power-on, of which nothing came from a file.
   *
   * @param live where inputs come from
   */
  public Recorder(Machine machine, World live, RecordingStore store) throws IOException {
    this(machine, live, store, Sources.NONE);
  }

  /**
   * Begins a recording of a machine that is at power-on.
   *
   * @param live where inputs come from
   * @param sources where its contents came from
   */
  public Recorder(Machine machine, World live, RecordingStore store, Sources sources)
      throws IOException {
    this(machine, live, store, sources, machine.description().ticksPerSecond());
  }

  /**
   * Begins a recording of a machine that is at power-on.
   *
   * @param live where inputs come from
   * @param sources where its contents came from
   * @param hashInterval ticks between two hashes of the state; a virtual second unless there is a
   *     reason
   * @throws IOException if the store cannot be written
   */
  public Recorder(
      Machine machine, World live, RecordingStore store, Sources sources, long hashInterval)
      throws IOException {
    if (machine.now() != 0 || machine.steps() != 0) {
      throw new IllegalArgumentException("a recording begins at power-on");
    }
    if (hashInterval < 1 || hashInterval > TickFormat.LAST) {
      throw new IllegalArgumentException("hashes are at least one tick apart");
    }
    this.machine = machine;
    this.live = live;
    this.hashInterval = hashInterval;
    MachineDescription description = machine.description();
    slice = Math.max(1, description.ticksPerSecond() / SLICES_PER_SECOND);
    nextHash = TickFormat.due(0, hashInterval);
    store.write(Recording.DESCRIPTION, DescriptionFormat.write(description, sources));
    log = begin(store.append(Recording.LOG), hashInterval, description.disks().size());
    machine.connect(new RecordingWorld(live, log));
    machine.witness(log::block);
  }

  private static LogWriter begin(RecordingStore.Appender file, long hashInterval, int disks)
      throws IOException {
    try {
      return new LogWriter(file, hashInterval, disks);
    } catch (IOException e) {
      try {
        file.close();
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  /**
   * Runs the machine as {@link Machine#run(long)} does.
   *
   * @throws IOException if the recording cannot be written. The machine has stopped, what was
   *     written before stays readable, and the recording cannot be continued.
   */
  public Outcome run(long until) throws IOException {
    do {
      run(until, slice, Stops.NONE, false);
    } while (outcome == Outcome.LIMIT && machine.now() < until);
    return outcome;
  }

  /**
   * Runs the machine once as {@link Machine#observe} does, up to the first stop.
   *
   * @param ticks how long vCPUs may execute; a world that does not know its inputs in advance is
   *     asked after that at the latest
   * @throws IOException as {@link #run(long)}
   */
  public Outcome run(long until, long ticks, Stops stops, boolean inclusive) throws IOException {
    IOException earlier = log.failure();
    if (earlier != null) {
      throw earlier;
    }
    stopped = false;
    try {
      outcome =
          machine.observe(Math.min(until, nextHash), ticks, stops, StopObserver.FIRST, inclusive);
      if (outcome == Outcome.LIMIT && machine.now() >= nextHash) {
        nextHash = TickFormat.due(machine.now(), hashInterval);
        log.hash(PeriodicHash.of(machine.digest()));
      } else {
        log.flush();
      }
    } catch (UncheckedIOException e) {
      IOException failure = log.failure();
      if (failure == null) {
        throw e; // the live world's own
      }
      throw failure;
    }
    stopped = true;
    return outcome;
  }

  /**
   * Seals the recording if it can be sealed. If it could not be written, this says nothing of it
   * again. The machine goes on without being recorded.
   */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    machine.connect(live);
    machine.witness(BlockWitness.NONE);
    try (log) {
      if (log.failure() != null) {
        return;
      }
      if (stopped) {
        log.seal(new Seal(outcome, machine.steps(), machine.digest()));
      } else {
        log.flush();
      }
    }
  }
}
