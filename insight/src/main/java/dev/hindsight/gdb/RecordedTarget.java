package dev.hindsight.gdb;

import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.timeline.RecordingException;
import dev.hindsight.timeline.Seal;
import dev.hindsight.timeline.Timeline;
import java.io.IOException;

/** A recording, forwards and backwards. What has happened cannot be changed. */
public final class RecordedTarget implements DebugTarget {
  private static final int STEPS_BETWEEN_LOOKS = 256;

  private final Timeline timeline;

  /** A debugger moves the timeline's present; the timeline stays its owner's. */
  public RecordedTarget(Timeline timeline) {
    this.timeline = timeline;
  }

  @Override
  public Machine machine() {
    return timeline.machine();
  }

  @Override
  public boolean isReversible() {
    return true;
  }

  @Override
  public Place place() {
    if (machine().steps() == 0 && machine().now() == 0) {
      return Place.BEGINNING;
    }
    return timeline.isAtEnd() ? Place.END : Place.BETWEEN;
  }

  @Override
  public StopReason resume(Direction direction, Stops stops, Interruption interruption)
      throws IOException {
    if (direction == Direction.BACKWARDS) {
      return timeline.runBack(stops) == Outcome.STOP
          ? HitReasons.of(timeline.hits())
          : new StopReason.Beginning();
    }
    if (timeline.run(stops, interruption::isInterrupted) == Outcome.STOP) {
      return HitReasons.of(timeline.hits());
    }
    return timeline.isAtEnd() ? new StopReason.End() : new StopReason.Interrupted();
  }

  @Override
  public StopReason step(Direction direction, int vcpu, Stops stops, Interruption interruption)
      throws IOException {
    return direction == Direction.FORWARDS
        ? stepForwards(vcpu, stops, interruption)
        : stepBackwards(vcpu);
  }

  private StopReason stepForwards(int vcpu, Stops stops, Interruption interruption)
      throws IOException {
    for (int i = 1; ; i++) {
      VcpuSteps before = new VcpuSteps(machine());
      if (timeline.step(stops) == Outcome.STOP) {
        return HitReasons.of(timeline.hits());
      }
      if (before.hasMoved(machine().vcpus().get(vcpu))) {
        return new StopReason.Stepped(vcpu);
      }
      StopReason arrived = before.arrived(machine(), vcpu, stops);
      if (arrived != null) {
        return arrived;
      }
      if (timeline.isAtEnd()) {
        return new StopReason.End();
      }
      if (i % STEPS_BETWEEN_LOOKS == 0 && interruption.isInterrupted()) {
        return new StopReason.Interrupted();
      }
    }
  }

  /** To the latest instant at which the vCPU had made fewer steps than now. */
  private StopReason stepBackwards(int vcpu) throws IOException {
    long made = steps(vcpu);
    if (made == 0) {
      timeline.seek(0);
      return new StopReason.Beginning();
    }
    long last = machine().steps();
    long distance = 1;
    long found;
    do {
      found = Math.max(0, last - distance);
      timeline.seekStep(found);
      distance *= 16;
    } while (steps(vcpu) >= made);
    long notFound = last - Math.max(1, distance / 256);
    while (notFound - found > 1) {
      long middle = found + (notFound - found) / 2;
      timeline.seekStep(middle);
      if (steps(vcpu) < made) {
        found = middle;
      } else {
        notFound = middle;
      }
    }
    if (machine().steps() != found) {
      timeline.seekStep(found);
    }
    return new StopReason.Stepped(vcpu);
  }

  private long steps(int vcpu) {
    Vcpu cpu = machine().vcpus().get(vcpu);
    return cpu.steps();
  }

  @Override
  public void seek(long tick, Interruption interruption) throws IOException {
    long last = timeline.recording().lastTick();
    if (tick > last) {
      throw new RecordingException(
          "The recording is from tick 0 to %d; there is no tick %d in it.".formatted(last, tick));
    }
    timeline.seek(tick, interruption::isInterrupted);
  }

  @Override
  public void seekStep(long steps, Interruption interruption) throws IOException {
    long last = timeline.recording().seal().map(Seal::steps).orElse(Long.MAX_VALUE);
    if (steps <= last) {
      timeline.seekStep(steps, interruption::isInterrupted);
    }
    if (machine().steps() < steps && (steps > last || timeline.isAtEnd())) {
      throw new RecordingException(
          "The recording has %d steps; there is no step %d in it."
              .formatted(steps > last ? last : machine().steps(), steps));
    }
  }

  @Override
  public void beforeChange() throws IOException {
    throw new RecordingException(
        "A recording is what has happened: registers and memory cannot be changed in it.");
  }

  /** Nothing: a recording stays. */
  @Override
  public void kill() {}
}
