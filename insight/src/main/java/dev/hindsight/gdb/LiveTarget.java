package dev.hindsight.gdb;

import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.cpu.Stops;
import dev.hindsight.timeline.Edit;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A machine that is running. Its time only goes forwards. What is changed in it is recorded, if it
 * is.
 */
public final class LiveTarget implements DebugTarget {
  /** Between two looks whether the debugger wants something. */
  private static final long SLICES_PER_SECOND = 1000;

  private static final int STEPS_BETWEEN_LOOKS = 256;

  private final Machine machine;
  private final Runner runner;
  private final long slice;
  private Outcome outcome = Outcome.LIMIT;

  /**
   * A machine that stands still until it is resumed.
   *
   * @param runner runs it
   */
  public LiveTarget(Machine machine, Runner runner) {
    this.machine = machine;
    this.runner = runner;
    slice = Math.max(1, machine.description().ticksPerSecond() / SLICES_PER_SECOND);
  }

  @Override
  public Machine machine() {
    return machine;
  }

  @Override
  public boolean isReversible() {
    return false;
  }

  @Override
  public Place place() {
    if (machine.steps() == 0 && machine.now() == 0) {
      return Place.BEGINNING;
    }
    return runner.isOver() ? Place.END : Place.BETWEEN;
  }

  @Override
  public StopReason resume(Direction direction, Stops stops, Interruption interruption)
      throws IOException {
    long start = machine.steps();
    while (!runner.isOver()) {
      outcome = runner.run(slice, stops, machine.steps() != start);
      if (outcome == Outcome.STOP) {
        return HitReasons.of(machine.hits());
      }
      if (interruption.isInterrupted()) {
        return new StopReason.Interrupted();
      }
    }
    return new StopReason.Over(outcome, machine.exitCode());
  }

  @Override
  public StopReason step(Direction direction, int vcpu, Stops stops, Interruption interruption)
      throws IOException {
    for (int i = 1; !runner.isOver(); i++) {
      VcpuSteps before = new VcpuSteps(machine);
      outcome = runner.run(1, stops, false);
      if (outcome == Outcome.STOP) {
        return HitReasons.of(machine.hits());
      }
      if (before.hasMoved(machine.vcpus().get(vcpu))) {
        return new StopReason.Stepped(vcpu);
      }
      StopReason arrived = before.arrived(machine, vcpu, stops);
      if (arrived != null) {
        return arrived;
      }
      if (i % STEPS_BETWEEN_LOOKS == 0 && interruption.isInterrupted()) {
        return new StopReason.Interrupted();
      }
    }
    return new StopReason.Over(outcome, machine.exitCode());
  }

  @Override
  public void seek(long tick, Interruption interruption) throws IOException {
    throw new IOException("A live machine cannot go to another instant; its recording can.");
  }

  @Override
  public void seekStep(long steps, Interruption interruption) throws IOException {
    seek(0, interruption);
  }

  @Override
  public Optional<String> change(List<Edit> edits) throws IOException {
    runner.change(edits);
    return Optional.empty();
  }

  @Override
  public void kill() {
    runner.kill();
  }
}
