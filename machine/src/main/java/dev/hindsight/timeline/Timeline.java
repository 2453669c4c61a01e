package dev.hindsight.timeline;

import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.cpu.StopHit;
import dev.hindsight.cpu.StopObserver;
import dev.hindsight.cpu.Stops;
import dev.hindsight.memory.GuestRam;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A recording in which one can go to any instant, forwards and backwards.
 *
 * <p>There is one machine, which is always somewhere in the recorded run. To go back it becomes
 * what a checkpoint had kept, and runs on from there. Checkpoints are made as the run is first
 * passed, and more of them where somebody goes backwards; hashes of the recording are verified on
 * the way.
 *
 * <p>Instants have two names. A <em>tick</em> names the state before anything happens at it: no
 * input, no deadline, no step; with several vCPUs, the first boundary that is not before it. A
 * number of <em>steps</em>, which all vCPUs have executed together since power-on, names the state
 * in which the next step would follow; so each step has its own, whichever vCPU makes it. While all
 * vCPUs are halted, ticks pass and steps do not.
 */
public final class Timeline implements AutoCloseable {
  /** Steps between checkpoints as the run is first passed: what an interpreter runs in 0.2 s. */
  public static final long DEFAULT_INTERVAL = 10_000_000;

  /** Bytes of memory for guest RAM and its checkpoints. */
  public static final long DEFAULT_BUDGET = 2L << 30;

  /** Intervals that a gap between checkpoints has at most, if the budget allows. */
  private static final int WIDEST = 10;

  /** About what a checkpoint takes besides pages. */
  private static final long CHECKPOINT_BYTES = 32 << 10;

  /** How far before a destination checkpoints are made when going backwards. */
  private static final long[] NEAR = {3_000_000, 300_000, 30_000, 3_000};

  /** Steps between two questions whether to go on: some milliseconds. */
  private static final long STEPS_BETWEEN_LOOKS = 1_000_000;

  private final Machine machine;
  private final Recording recording;
  private final Replay replay;
  private final Checkpoints checkpoints;
  private final StoredCheckpoints stored;
  private final BackwardRun backwards;
  private List<StopHit> hits = List.of();
  private Consumer<Moment> watcher = present -> {};

  /**
   * At power-on.
   *
   * @param machine a machine at power-on, built after the recording's description; it belongs to
   *     the timeline from now on
   * @throws RecordingException if the machine is not the recorded one
   */
  public Timeline(Machine machine, Recording recording) throws RecordingException {
    this(machine, recording, DEFAULT_INTERVAL, DEFAULT_BUDGET);
  }

  /**
   * At power-on.
   *
   * @param interval steps between checkpoints, at least 1
   * @param budget bytes of memory that guest RAM and checkpoints may take
   * @throws RecordingException if the machine is not the recorded one
   */
  public Timeline(Machine machine, Recording recording, long interval, long budget)
      throws RecordingException {
    this(machine, recording, interval, budget, CheckpointStore.NONE);
  }

  /**
   * At power-on.
   *
   * @param interval steps between checkpoints, at least 1
   * @param budget bytes of memory that guest RAM and checkpoints may take
   * @param store where checkpoints come from that others have made, and where some of those go that
   *     are made here; it stays the caller's
   * @throws RecordingException if the machine is not the recorded one
   */
  public Timeline(
      Machine machine, Recording recording, long interval, long budget, CheckpointStore store)
      throws RecordingException {
    if (interval < 1) {
      throw new IllegalArgumentException("checkpoints are at least one step apart");
    }
    this.machine = machine;
    this.recording = recording;
    long widest = interval > Long.MAX_VALUE / WIDEST ? interval : interval * WIDEST;
    replay = new Replay(machine, recording);
    checkpoints = new Checkpoints(budget, interval, widest, this::usedBytes);
    stored =
        new StoredCheckpoints(store, machine, replay, checkpoints, interval, recording.lastTick());
    backwards = new BackwardRun(machine, recording, replay, checkpoints, widest, this::advance);
    keep();
  }

  private long usedBytes() {
    return machine.ram().livePages() * GuestRam.PAGE_BYTES + checkpoints.size() * CHECKPOINT_BYTES;
  }

  /** The machine as it is at the present, to be looked at. */
  public Machine machine() {
    return machine;
  }

  /** Has somebody watch how far long work has come, from now on. */
  public void watch(Consumer<Moment> progress) {
    watcher = progress;
  }

  /** The recording. */
  public Recording recording() {
    return recording;
  }

  /** Whether the present is the end of the recording. */
  public boolean isAtEnd() {
    return replay.isAtEnd();
  }

  /** Number of checkpoints there are. */
  public int checkpoints() {
    return checkpoints.size();
  }

  /**
   * Goes to a tick: to the state before anything happens at it.
   *
   * @param tick at least 0; beyond the end of the recording the end is meant
   * @return {@link Outcome#LIMIT}, or how the recorded run ended if this is its end
   * @throws ReplayDifference if the replay is not what was recorded
   * @throws IOException if a disk image is not what it was, or cannot be read
   */
  public Outcome seek(long tick) throws IOException {
    return seek(tick, () -> false);
  }

  /**
   * Goes to a tick as {@link #seek(long)} does, but asks every now and then whether to go on.
   *
   * @param interrupted says that it is not to go on, but to stay where it is then
   */
  public Outcome seek(long tick, BooleanSupplier interrupted) throws IOException {
    if (tick < 0) {
      throw new IllegalArgumentException("there is no time before power-on");
    }
    stored.fetch(m -> m.tick() < tick);
    Checkpoint start = checkpoints.last(m -> m.tick() < tick);
    if (tick <= machine.now() || isFarther(start)) {
      replay.load(start);
    }
    return advance(tick, Long.MAX_VALUE, interrupted);
  }

  /**
   * Goes to where so many steps were executed since power-on, and the next would follow.
   *
   * @param steps at least 0; beyond the end of the recording the end is meant
   * @return {@link Outcome#LIMIT}, or how the recorded run ended if this is its end
   * @throws ReplayDifference if the replay is not what was recorded
   * @throws IOException if a disk image is not what it was, or cannot be read
   */
  public Outcome seekStep(long steps) throws IOException {
    return seekStep(steps, () -> false);
  }

  /**
   * Goes to a step as {@link #seekStep(long)} does, but asks every now and then whether to go on.
   *
   * @param interrupted says that it is not to go on, but to stay where it is then
   */
  public Outcome seekStep(long steps, BooleanSupplier interrupted) throws IOException {
    if (steps < 0) {
      throw new IllegalArgumentException("there is no time before power-on");
    }
    boolean backwards = steps <= machine.steps();
    // one with as many steps may be later, if the vCPUs were halted
    stored.fetch(m -> m.steps() < steps);
    Checkpoint start = checkpoints.last(m -> m.steps() < steps);
    if (steps <= machine.steps() || isFarther(start)) {
      replay.load(start);
    }
    if (backwards) {
      for (long distance : NEAR) {
        if (machine.steps() < steps - distance) {
          advance(Long.MAX_VALUE, steps - distance, () -> false);
          keep();
        }
      }
    }
    return advance(Long.MAX_VALUE, steps, interrupted);
  }

  /** Goes to the instant before the last step: backwards by one instruction. */
  public Outcome stepBack() throws IOException {
    return seekStep(Math.max(0, machine.steps() - 1));
  }

  /** Executes a step, of whichever vCPU is next. */
  public Outcome step() throws IOException {
    return seekStep(machine.steps() + 1);
  }

  /**
   * Runs forwards to the next stop, or to the end of the recording.
   *
   * @return {@link Outcome#STOP}, and {@link #hits} tells why; or how the recorded run ended
   * @throws ReplayDifference if the replay is not what was recorded
   * @throws IOException if a disk image is not what it was, or cannot be read
   */
  public Outcome run(Stops stops) throws IOException {
    return run(stops, () -> false);
  }

  /**
   * Runs as {@link #run(Stops)} does, but asks every now and then whether to go on.
   *
   * @param interrupted says that it is not to go on
   * @return {@link Outcome#LIMIT} if it did not go on
   */
  public Outcome run(Stops stops, BooleanSupplier interrupted) throws IOException {
    hits = List.of();
    long start = machine.steps();
    while (true) {
      long checkpoint = nextCheckpoint();
      long pause = Math.min(checkpoint, machine.steps() + STEPS_BETWEEN_LOOKS);
      Outcome outcome =
          replay.observe(
              Long.MAX_VALUE,
              pause - machine.steps(),
              stops,
              StopObserver.FIRST,
              machine.steps() != start);
      if (outcome == Outcome.STOP) {
        hits = machine.hits();
        return outcome;
      }
      if (outcome != Outcome.LIMIT || replay.isAtEnd() || machine.steps() < pause) {
        return outcome;
      }
      if (pause == checkpoint) {
        keep();
      }
      if (interrupted.getAsBoolean()) {
        return outcome;
      }
    }
  }

  /**
   * Runs forwards to the next stop, but not further than to where so many steps were executed since
   * power-on.
   *
   * @param steps not less than have been executed
   * @param inclusive whether what comes at the very next step counts
   * @return {@link Outcome#STOP}, and {@link #hits} tells why; {@link Outcome#LIMIT} where so many
   *     steps were executed; or how the recorded run ended
   * @throws ReplayDifference if the replay is not what was recorded
   * @throws IOException if a disk image is not what it was, or cannot be read
   */
  public Outcome runTo(long steps, Stops stops, boolean inclusive) throws IOException {
    Outcome outcome =
        replay.observe(
            Long.MAX_VALUE, steps - machine.steps(), stops, StopObserver.FIRST, inclusive);
    hits = outcome == Outcome.STOP ? machine.hits() : List.of();
    return outcome;
  }

  /**
   * Has the machine go on by itself from the present, with nobody in the world around it, and comes
   * back. Nothing of it remains: neither in the state nor in what comes afterwards.
   *
   * @param detour runs the machine, and may change it before
   * @throws dev.hindsight.storage.StorageException if it needs what a disk image does not have
   */
  public void aside(Consumer<Machine> detour) {
    replay.aside(detour);
  }

  /**
   * Executes a step, of whichever vCPU is next.
   *
   * @param stops accesses and events that may happen in it
   * @return {@link Outcome#STOP} if one did, and {@link #hits} tells which; or as {@link #step()}
   */
  public Outcome step(Stops stops) throws IOException {
    Outcome outcome = replay.observe(Long.MAX_VALUE, 1, stops, StopObserver.FIRST, false);
    hits = outcome == Outcome.STOP ? machine.hits() : List.of();
    return outcome;
  }

  /**
   * Runs backwards to the latest stop before the present, or to power-on. It comes to the instant
   * before the step that was looked for, an access to memory included; and where a device made the
   * access, to the beginning of that tick.
   *
   * <p>Between checkpoints that share all pages concerned nothing can have been written.
   *
   * @return {@link Outcome#STOP}, and {@link #hits} tells why; or {@link Outcome#LIMIT} at power-on
   * @throws ReplayDifference if the replay is not what was recorded
   * @throws IOException if a disk image is not what it was, or cannot be read
   */
  public Outcome runBack(Stops stops) throws IOException {
    return runBack(stops, () -> false);
  }

  /**
   * Runs as {@link #runBack(Stops)} does, but asks every now and then whether to go on.
   *
   * @param interrupted says that it is not to go on, but to come back to the present
   * @return {@link Outcome#LIMIT} if it did not go on
   */
  public Outcome runBack(Stops stops, BooleanSupplier interrupted) throws IOException {
    hits = List.of();
    try (Checkpoint present = replay.save()) {
      Optional<List<StopHit>> latest = backwards.latest(stops, interrupted);
      if (latest.isEmpty()) {
        replay.load(present);
        return Outcome.LIMIT;
      }
      if (latest.get().isEmpty()) {
        seek(0);
        return Outcome.LIMIT;
      }
      return goTo(latest.get());
    }
  }

  /**
   * Has other machines help in {@link #runBack}, at the same time. Their memory comes on top of the
   * budget.
   *
   * @param work who has them work
   * @param number how many
   * @param machines makes them, when they are first needed: at power-on, after the recording's
   *     description, with images of their own; they belong to the timeline
   */
  public void help(Cores work, int number, MachineSource machines) {
    backwards.help(work, number, machines);
  }

  /** Makes machines. */
  @FunctionalInterface
  public interface MachineSource {
    /** A machine at power-on. */
    Machine create() throws IOException;
  }

  private Outcome goTo(List<StopHit> latest) throws IOException {
    StopHit hit = latest.getFirst();
    if (hit.vcpu() == StopHit.DEVICE) {
      seek(hit.tick());
    } else {
      seekStep(hit.steps());
    }
    hits = latest;
    return Outcome.STOP;
  }

  /**
   * Runs on to an instant, and tells somebody of everything that is looked for on the way; what he
   * answers does not matter. Checkpoints between which nothing was written are skipped as {@link
   * #runBack} does.
   *
   * @param to an instant that is not before the present
   * @throws ReplayDifference if the replay is not what was recorded
   * @throws IOException if a disk image is not what it was, or cannot be read
   */
  public void observe(Moment to, Stops stops, StopObserver observer) throws IOException {
    WrittenPages written = WrittenPages.of(stops, machine);
    StopObserver all =
        hit -> {
          boolean _ = observer.hit(hit);
          return false;
        };
    Checkpoint at = null;
    for (Checkpoint next : checkpoints.between(present(), to)) {
      if (at == null || !written.isUnwritten(at.state().memory(), next.state().memory())) {
        if (at != null && !at.at().equals(present())) {
          replay.load(at);
        }
        pass(next.at(), stops, all);
      }
      at = next;
    }
    if (at != null && !at.at().equals(present())) {
      replay.load(at);
    }
    pass(to, stops, all);
  }

  /** Runs to an instant without making checkpoints. */
  private void pass(Moment to, Stops stops, StopObserver observer) throws IOException {
    replay.passes(to, Long.MAX_VALUE, stops, observer);
  }

  /**
   * Goes to an instant of which it is known exactly what has been at its tick.
   *
   * @param to what {@link #present} was once
   * @throws ReplayDifference if the replay is not what was recorded
   * @throws IOException if a disk image is not what it was, or cannot be read
   */
  public void go(Moment to) throws IOException {
    if (to.compareTo(present()) < 0) {
      replay.load(checkpoints.last(m -> m.compareTo(to) <= 0));
    }
    advance(to);
  }

  private void advance(Moment to) throws IOException {
    if (!to.begun()) {
      advance(to.tick(), Long.MAX_VALUE, () -> false);
    } else if (to.steps() > machine.steps()) {
      advance(Long.MAX_VALUE, to.steps(), () -> false);
    }
    pass(to, Stops.NONE, StopObserver.FIRST);
  }

  /** The present. */
  public Moment present() {
    return Moment.of(machine);
  }

  /** What {@link #run} or {@link #runBack} has found; empty if they have found nothing. */
  public List<StopHit> hits() {
    return hits;
  }

  private boolean isFarther(Checkpoint from) {
    return from.steps() > machine.steps();
  }

  /** Runs, and makes checkpoints where nobody has been before. */
  private Outcome advance(long tick, long steps, BooleanSupplier interrupted) throws IOException {
    while (true) {
      long pause = nextCheckpoint();
      if (pause >= steps) {
        return replay.slice(tick, steps - machine.steps());
      }
      Outcome outcome = replay.slice(tick, pause - machine.steps());
      if (outcome != Outcome.LIMIT || replay.isAtEnd() || machine.steps() < pause) {
        return outcome;
      }
      keep();
      if (interrupted.getAsBoolean()) {
        return outcome;
      }
    }
  }

  /** How many steps are to have been executed when the next checkpoint is made. */
  private long nextCheckpoint() {
    return Math.max(checkpoints.gapAfter(machine.steps()), machine.steps() + 1);
  }

  private void keep() {
    Checkpoint present = replay.save();
    watcher.accept(present.at());
    stored.passed(present);
    checkpoints.add(present);
  }

  /** What it takes to come back to the present; to be closed. */
  Checkpoint save() {
    return replay.save();
  }

  /** Gives all memory back. */
  @Override
  public void close() {
    backwards.close();
    checkpoints.close();
    machine.close();
  }
}
