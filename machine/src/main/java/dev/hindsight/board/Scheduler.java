package dev.hindsight.board;

import dev.hindsight.bus.Deadlines;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.World;
import dev.hindsight.cpu.Engine;
import dev.hindsight.cpu.RunExit;
import dev.hindsight.cpu.StopMonitor;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.storage.StorageException;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Decides what happens next.
 *
 * <p>Time is a sequence of boundaries, at which all vCPUs are at one tick. At a boundary come first
 * inputs, then the deadlines that are due, in the order of {@link Deadlines}; then the vCPUs run to
 * the next boundary. If none of them can execute anything, time jumps instead.
 *
 * <p>With one vCPU a boundary may be anywhere, so it is wherever something needs it: at the next
 * deadline, at an input, where a device calls for the board, where the host wants to look. With
 * several, boundaries can be observed (what one vCPU does to another lands there), so they depend
 * on nothing but the machine: a quantum after the last one, or at the next deadline. The host may
 * then still stop anywhere, in the middle of a quantum too.
 */
final class Scheduler {
  private final List<Vcpu> vcpus;
  private final Engine engine;
  private final Deadlines deadlines;
  private final Turn turn;
  private final Board board;
  private final long quantum;
  private final StopMonitor monitor;
  private World world;

  private long now;
  private boolean inputsTaken;
  private boolean inQuantum;
  private long quantumEnd;
  private int current;
  private boolean progressed;
  private boolean poweredOff;
  private boolean resetRequested;
  private boolean resetReported;
  private boolean tripleFault;
  private boolean exited;
  private int exitCode;

  /** What happens at boundaries that is not the scheduler's business. */
  interface Board {
    /** Signals and messages between vCPUs arrive. */
    void quantumEnded();

    /** A deadline has come. */
    void deadline(Deadlines.Deadline deadline);

    /** An input for a device has come. */
    void deviceInput(String device, Input input);

    /** The power button was pressed. */
    void powerButton();

    /** All chips and vCPUs are to be reset. */
    void reset();
  }

  Scheduler(
      List<Vcpu> vcpus,
      Engine engine,
      Deadlines deadlines,
      Turn turn,
      Board board,
      long quantum,
      StopMonitor monitor,
      World world) {
    this.vcpus = vcpus;
    this.engine = engine;
    this.deadlines = deadlines;
    this.turn = turn;
    this.board = board;
    this.quantum = quantum;
    this.monitor = monitor;
    this.world = world;
  }

  long now() {
    return now;
  }

  /** Whether all vCPUs are at one tick. */
  boolean isAtBoundary() {
    return !inQuantum;
  }

  /** Whether inputs and deadlines of the present tick have been. */
  boolean hasBegunTick() {
    return inQuantum || inputsTaken;
  }

  void world(World value) {
    world = value;
  }

  void powerOff() {
    poweredOff = true;
    turn.callBoard();
  }

  void exit(int code) {
    exited = true;
    exitCode = code;
    powerOff();
  }

  OptionalInt exitCode() {
    return exited ? OptionalInt.of(exitCode) : OptionalInt.empty();
  }

  void requestReset() {
    resetRequested = true;
    turn.callBoard();
  }

  /**
   * Runs the machine. What stops it leaves it where a run for as many ticks would.
   *
   * @param until returns at the first boundary at or after this tick
   * @param budget returns at the latest when vCPUs have executed for so many ticks
   * @param stops where else it may stop; the monitor has begun a run
   */
  Outcome run(long until, long budget, Stops stops) {
    monitor.arm(stops);
    long left = budget;
    boolean stopped = false;
    int rest = current;
    while (true) {
      if (!inQuantum) {
        Outcome end = atBoundary(until);
        stopped |= monitor.isPending() && monitor.confirmTransfers(now);
        if (end != null) {
          return stopped ? stopAt(end) : end;
        }
        rest = 0;
      }
      if (left == 0 || stopped) {
        pause();
        return stopped ? Outcome.STOP : Outcome.LIMIT;
      }
      Vcpu vcpu = vcpus.get(current);
      long start = vcpu.tick();
      RunExit exit = execute(vcpu, Math.min(quantumEnd - start, left), stops);
      long ran = vcpu.tick() - start;
      left -= ran;
      progressed |= ran > 0;
      stopped = exit == RunExit.STOP;
      if (ran > 0) {
        rest = vcpu.tick() < quantumEnd ? current : current + 1;
      } else if (stopped) {
        // those before it in this quantum had nothing to do, and will be asked again
        current = rest;
        continue;
      }
      if (exit == RunExit.TRIPLE_FAULT) {
        tripleFault = true;
      }
      boolean done = exit == RunExit.HALTED || exit == RunExit.TRIPLE_FAULT;
      Outcome end = turn.isAlone() ? alone(vcpu, exit, until) : oneOfMany(vcpu, done, until);
      if (end != null) {
        return end;
      }
    }
  }

  /** There was a stop as well; how the run ends is said when it goes on. */
  private Outcome stopAt(Outcome end) {
    if (end == Outcome.RESET) {
      resetReported = false;
    }
    return Outcome.STOP;
  }

  private RunExit execute(Vcpu vcpu, long ticks, Stops stops) {
    turn.begin(vcpu);
    try {
      return engine.run(vcpu, ticks, stops);
    } finally {
      turn.end();
    }
  }

  /** Inputs, then deadlines; then a quantum begins, unless the run ends here. */
  private @Nullable Outcome atBoundary(long until) {
    Outcome end = finalOutcome();
    if (end != null) {
      return end;
    }
    if (resetRequested && !resetReported) {
      resetReported = true;
      return Outcome.RESET;
    }
    if (now >= until) {
      return Outcome.LIMIT;
    }
    if (resetRequested) {
      resetRequested = false;
      resetReported = false;
      board.reset();
    }
    while (!inputsTaken) {
      Input input = world.poll(now);
      if (input == null) {
        inputsTaken = true;
      } else {
        take(input);
        if (now >= until) {
          return Outcome.LIMIT; // the clock was advanced: its inputs are yet to come
        }
      }
    }
    for (Deadlines.Deadline d = deadlines.poll(now); d != null; d = deadlines.poll(now)) {
      deliver(d);
    }
    end = finalOutcome();
    if (end != null) {
      return end;
    }
    quantumEnd =
        turn.isAlone()
            ? Math.min(until, nextEvent())
            : Math.min(now + quantum, deadlines.earliest());
    inQuantum = true;
    current = 0;
    progressed = false;
    return null;
  }

  /** A host that cannot read a disk stops the machine; the deadline then comes again. */
  private void deliver(Deadlines.Deadline deadline) {
    try {
      board.deadline(deadline);
    } catch (StorageException e) {
      deadlines.putBack(deadline);
      throw e;
    }
  }

  private @Nullable Outcome finalOutcome() {
    if (poweredOff) {
      return Outcome.POWERED_OFF;
    }
    return tripleFault ? Outcome.TRIPLE_FAULT : null;
  }

  private void take(Input input) {
    switch (input) {
      case Input.ClockAdvance(long ticks) ->
          jump(Math.min(now + ticks, Math.max(now, deadlines.earliest())));
      case Input.Reset() -> board.reset();
      case Input.PowerOff() -> poweredOff = true;
      case Input.PowerButton() -> board.powerButton();
      case Input.SerialByte i -> board.deviceInput(i.device(), i);
      case Input.Key i -> board.deviceInput(i.device(), i);
      case Input.MouseMotion i -> board.deviceInput(i.device(), i);
    }
  }

  /** The tick of the next deadline or known input, later than the present. */
  private long nextEvent() {
    return Math.min(deadlines.earliest(), Math.max(world.nextInput(), now + 1));
  }

  /** A lone vCPU has run: wherever it stands is a boundary. */
  private @Nullable Outcome alone(Vcpu vcpu, RunExit exit, long until) {
    endQuantum(vcpu.tick());
    return exit == RunExit.HALTED && !progressed ? idle(until) : null;
  }

  private @Nullable Outcome oneOfMany(Vcpu vcpu, boolean done, long until) {
    if (!done && vcpu.tick() < quantumEnd) {
      return null;
    }
    current++;
    if (current < vcpus.size()) {
      return null;
    }
    if (progressed || tripleFault) {
      long end = quantumEnd;
      vcpus.forEach(v -> v.tick(end));
      endQuantum(end);
      return null;
    }
    endQuantum(now);
    return idle(until);
  }

  private void endQuantum(long tick) {
    if (tick != now) {
      moveTo(tick);
    }
    inQuantum = false;
    quantumEnd = 0;
    current = 0;
    board.quantumEnded();
  }

  /** The host wants to look: a lone vCPU's quantum ends here, others stay in the middle. */
  private void pause() {
    if (turn.isAlone()) {
      endQuantum(vcpus.getFirst().tick());
      progressed = false;
    }
  }

  /** No vCPU can execute anything: time jumps to what comes next. */
  private @Nullable Outcome idle(long until) {
    long event = nextEvent();
    if (event == World.NEVER && world.isOver()) {
      return Outcome.IDLE;
    }
    long limit = Math.min(until, event);
    long target = world.idle(now, limit);
    if (target <= now || target > limit || target == World.NEVER) {
      throw new IllegalStateException("idle time must end after " + now + " and by " + limit);
    }
    jump(target);
    return null;
  }

  private void jump(long tick) {
    vcpus.forEach(v -> v.tick(tick));
    moveTo(tick);
  }

  private void moveTo(long tick) {
    now = tick;
    turn.now(tick);
    inputsTaken = false;
  }

  BoardState.Schedule save() {
    return new BoardState.Schedule(
        now,
        inputsTaken,
        inQuantum,
        quantumEnd,
        current,
        inQuantum && progressed,
        poweredOff,
        resetRequested,
        resetReported,
        tripleFault,
        exited,
        exitCode);
  }

  void load(BoardState.Schedule state) {
    now = state.now();
    turn.now(now);
    inputsTaken = state.inputsTaken();
    inQuantum = state.inQuantum();
    quantumEnd = state.quantumEnd();
    current = state.current();
    progressed = state.progressed();
    poweredOff = state.poweredOff();
    resetRequested = state.resetRequested();
    resetReported = state.resetReported();
    tripleFault = state.tripleFault();
    exited = state.exited();
    exitCode = state.exitCode();
  }
}
