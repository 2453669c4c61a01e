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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
 *
 * <p>Somebody may {@linkplain #intervene change} the machine between two runs.
 */
public final class Recorder implements AutoCloseable {
  private static final long SLICES_PER_SECOND = 1000;

  private final Machine machine;
  private final World live;
  private final LogWriter log;
  private final RecordingWorld world;
  private final List<Intervention> interventions;
  private final long hashInterval;
  private final long slice;
  private long nextHash;
  private CheckpointStore checkpoints = CheckpointStore.NONE;
  private long checkpointInterval;
  private long nextCheckpoint = World.NEVER;
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
    this(machine, live, store, sources, beginning(machine, hashInterval), Optional.empty());
  }

  private static Past beginning(Machine machine, long hashInterval) {
    if (machine.now() != 0 || machine.steps() != 0) {
      throw new IllegalArgumentException("a recording begins at power-on");
    }
    if (hashInterval < 1 || hashInterval > TickFormat.LAST) {
      throw new IllegalArgumentException("hashes are at least one tick apart");
    }
    return Past.none(hashInterval);
  }

  /**
   * Goes on with a recording, in another one.
   *
   * @param machine the machine at the instant at which the other one ends
   * @param live where inputs come from
   * @param sources where its contents came from
   * @param past what came until then
   * @param origin where it branches off
   * @throws IOException if the store cannot be written
   */
  Recorder(
      Machine machine,
      World live,
      RecordingStore store,
      Sources sources,
      Past past,
      Optional<Origin> origin)
      throws IOException {
    hashInterval = past.hashInterval();
    this.machine = machine;
    this.live = live;
    MachineDescription description = machine.description();
    slice = Math.max(1, description.ticksPerSecond() / SLICES_PER_SECOND);
    nextHash = TickFormat.due(machine.now(), hashInterval);
    store.write(Recording.DESCRIPTION, DescriptionFormat.write(description, sources, origin));
    log = begin(store.append(Recording.LOG), past, description.disks().size());
    world = new RecordingWorld(live, log, past.inputs());
    interventions = new ArrayList<>(past.interventions());
    machine.connect(world);
    machine.witness(new NewBlocks(past, description.disks().size(), log));
  }

  private static LogWriter begin(RecordingStore.Appender file, Past past, int disks)
      throws IOException {
    try {
      LogWriter log = new LogWriter(file, past.hashInterval(), disks);
      past.write(log);
      return log;
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
   * Makes checkpoints on the way from now on.
   *
   * @param store where they go; it stays the caller's
   * @param interval ticks between two of them, at least 1
   */
  public void checkpoints(CheckpointStore store, long interval) {
    if (interval < 1 || interval > TickFormat.LAST) {
      throw new IllegalArgumentException("checkpoints are at least one tick apart");
    }
    checkpoints = store;
    checkpointInterval = interval;
    nextCheckpoint = TickFormat.due(machine.now(), interval);
  }

  /** What {@link Recording#pastDigest} will say of the recording. */
  public String pastDigest(ReplayWorld.Position position) {
    return Past.ofInputs(
            hashInterval,
            world.inputs().subList(0, position.inputs()),
            interventions.subList(0, position.interventions()))
        .digest(machine.description());
  }

  /** A checkpoint, after what comes before it has gone to the log. */
  private void saveCheckpoint() {
    nextCheckpoint = TickFormat.due(machine.now(), checkpointInterval);
    ReplayWorld.Position position =
        new ReplayWorld.Position(world.inputs().size(), world.latest(), interventions.size());
    try (Checkpoint checkpoint = new Checkpoint(Moment.of(machine), machine.save(), position)) {
      checkpoints.save(checkpoint);
    }
  }

  /**
   * Runs the machine as {@link Machine#run(long)} does.
   *
   * @throws IOException if the recording cannot be written. The machine has stopped, what was
   *     written before stays readable, and the recording cannot be continued.
   */
  public Outcome run(long until) throws IOException {
    return record(until, Long.MAX_VALUE);
  }

  /**
   * Runs the machine as {@link Machine#slice} does: up to a tick, but returns at the latest when
   * the vCPUs have executed so many steps in all, be it in the middle of a quantum.
   *
   * @throws IOException if the recording cannot be written, as {@link #run} has it
   */
  public Outcome slice(long until, long steps) throws IOException {
    long end = machine.steps() + Math.min(steps, Long.MAX_VALUE - machine.steps());
    return record(until, end);
  }

  /**
   * Runs the machine once as {@link Machine#observe} does, up to the first stop.
   *
   * @param ticks how long vCPUs may execute; a world that does not know its inputs in advance is
   *     asked after that at the latest
   * @throws IOException if the recording cannot be written, as {@link #run(long)} has it
   */
  public Outcome run(long until, long ticks, Stops stops, boolean inclusive) throws IOException {
    return record(() -> {
      boolean _ = once(until, ticks, stops, inclusive);
    });
  }

  /**
   * Changes the machine between two steps. Inputs and deadlines of the present tick come before, if
   * they did not yet. The changes are part of the recording.
   *
   * @throws IllegalArgumentException if one of them cannot be made; those before it were made. The
   *     message is a sentence.
   * @throws IllegalStateException if the machine has ended; the message is a sentence
   * @throws IOException if the recording cannot be written, as {@link #run} has it
   */
  public void intervene(List<Edit> edits) throws IOException {
    Outcome present;
    do {
      present = slice(Long.MAX_VALUE, 0);
    } while (present == Outcome.RESET);
    if (present != Outcome.LIMIT) {
      throw new IllegalStateException("The machine has ended, and cannot be changed.");
    }
    List<Edit> made = new ArrayList<>();
    try {
      for (Edit edit : edits) {
        edit.apply(machine);
        made.add(edit);
      }
    } finally {
      if (!made.isEmpty()) {
        interventions.add(new Intervention(machine.now(), machine.steps(), made));
        log.intervention(interventions.getLast());
      }
    }
  }

  /** A piece of the run. */
  @FunctionalInterface
  private interface Piece {
    void run() throws IOException;
  }

  private Outcome record(long until, long end) throws IOException {
    return record(() -> go(until, end));
  }

  private Outcome record(Piece piece) throws IOException {
    IOException earlier = log.failure();
    if (earlier != null) {
      throw earlier;
    }
    stopped = false;
    try {
      piece.run();
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
   * Runs, and writes what came, and hashes.
   *
   * @param until returns at the first boundary at or after this tick
   * @param end returns at the latest when so many steps were executed since power-on, and the next
   *     would follow
   */
  private void go(long until, long end) throws IOException {
    while (true) {
      boolean isHashDue = once(until, Math.min(slice, end - machine.steps()), Stops.NONE, false);
      if (outcome != Outcome.LIMIT
          || (machine.isAtBoundary() && machine.now() >= until)
          || (machine.steps() == end && !isHashDue)) {
        return;
      }
    }
  }

  /** Runs once, and writes what came; whether a hash was due, and was written too. */
  private boolean once(long until, long ticks, Stops stops, boolean inclusive) throws IOException {
    outcome =
        machine.observe(
            Math.min(until, Math.min(nextHash, nextCheckpoint)),
            ticks,
            stops,
            StopObserver.FIRST,
            inclusive);
    boolean isHashDue = outcome == Outcome.LIMIT && machine.now() >= nextHash;
    if (isHashDue) {
      nextHash = TickFormat.due(machine.now(), hashInterval);
      log.hash(PeriodicHash.of(machine.digest()));
    } else {
      log.flush();
    }
    if (outcome == Outcome.LIMIT && machine.now() >= nextCheckpoint) {
      saveCheckpoint();
    }
    return isHashDue;
  }

  /**
   * Seals the recording if it can be sealed. If it could not be written, this says nothing of it
   * again. The machine goes on without being recorded.
   *
   * <p>A seal names its instant by a tick at which nothing has happened yet. If the present is no
   * such instant, because of {@link #slice} or {@link #intervene}, or because the recording goes on
   * with another one, the machine first runs to the next.
   */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (log) {
      if (log.failure() != null) {
        return;
      }
      if (stopped && outcome == Outcome.LIMIT && machine.hasBegunTick()) {
        Outcome _ = run(machine.now() + 1);
      }
      if (stopped) {
        log.seal(new Seal(outcome, machine.steps(), machine.digest()));
      } else {
        log.flush();
      }
    } finally {
      machine.connect(live);
      machine.witness(BlockWitness.NONE);
    }
  }
}
