package dev.hindsight.timeline;

import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.memory.GuestRam;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

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
  /** Steps between checkpoints as the run is first passed: what an interpreter runs in 0.3 s. */
  public static final long DEFAULT_INTERVAL = 20_000_000;

  /** Bytes of memory for guest RAM and its checkpoints. */
  public static final long DEFAULT_BUDGET = 2L << 30;

  /** How far before a destination checkpoints are made when going backwards. */
  private static final long[] NEAR = {3_000_000, 300_000, 30_000, 3_000};

  private final Machine machine;
  private final Recording recording;
  private final Replay replay;
  private final long interval;
  private final Checkpoints checkpoints;
  private long nextCheckpoint;

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
    if (interval < 1) {
      throw new IllegalArgumentException("checkpoints are at least one step apart");
    }
    this.machine = machine;
    this.recording = recording;
    this.interval = interval;
    replay = new Replay(machine, recording);
    checkpoints =
        new Checkpoints(budget, () -> machine.ram().livePages() * (long) GuestRam.PAGE_BYTES);
    keep();
  }

  /** The machine as it is at the present, to be looked at. */
  public Machine machine() {
    return machine;
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
    if (tick < 0) {
      throw new IllegalArgumentException("there is no time before power-on");
    }
    Checkpoint start = checkpoints.atOrBeforeTick(Math.max(0, tick - 1));
    if (tick <= machine.now() || isFarther(start)) {
      comeBack(start);
    }
    return advance(tick, Long.MAX_VALUE);
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
    if (steps < 0) {
      throw new IllegalArgumentException("there is no time before power-on");
    }
    boolean backwards = steps <= machine.steps();
    Checkpoint start = checkpoints.atOrBefore(steps);
    if (backwards || isFarther(start)) {
      comeBack(start);
    }
    if (backwards) {
      for (long distance : NEAR) {
        if (machine.steps() < steps - distance) {
          advance(Long.MAX_VALUE, steps - distance);
          keep();
        }
      }
    }
    return advance(Long.MAX_VALUE, steps);
  }

  /** Goes to the instant before the last step: backwards by one instruction. */
  public Outcome stepBack() throws IOException {
    return seekStep(Math.max(0, machine.steps() - 1));
  }

  /** Executes a step, of whichever vCPU is next. */
  public Outcome step() throws IOException {
    return seekStep(machine.steps() + 1);
  }

  private boolean isFarther(@Nullable Checkpoint from) {
    return from != null && from.steps() > machine.steps();
  }

  private void comeBack(@Nullable Checkpoint to) {
    if (to == null) {
      throw new IllegalStateException("the checkpoint at power-on is always there");
    }
    replay.load(to);
  }

  /** Runs, and makes checkpoints where nobody has been before. */
  private Outcome advance(long tick, long steps) throws IOException {
    while (true) {
      long pause = Math.max(nextCheckpoint, machine.steps() + 1);
      if (pause >= steps) {
        return replay.slice(tick, steps - machine.steps());
      }
      Outcome outcome = replay.slice(tick, pause - machine.steps());
      if (outcome != Outcome.LIMIT || replay.isAtEnd() || machine.steps() < pause) {
        return outcome;
      }
      keep();
      nextCheckpoint = machine.steps() + interval;
    }
  }

  private void keep() {
    checkpoints.add(replay.save());
  }

  /** What it takes to come back to the present; to be closed. */
  Checkpoint present() {
    return replay.save();
  }

  /** Gives all memory back. */
  @Override
  public void close() {
    checkpoints.close();
    machine.close();
  }
}
