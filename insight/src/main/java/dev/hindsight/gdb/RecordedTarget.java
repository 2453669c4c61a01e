package dev.hindsight.gdb;

import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.timeline.Edit;
import dev.hindsight.timeline.RecordingException;
import dev.hindsight.timeline.Seal;
import dev.hindsight.timeline.Timeline;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A recording, forwards and backwards. What has happened cannot be changed: who changes something
 * goes on in a branch, which is live, and only goes forwards, until the debugger has gone.
 */
public final class RecordedTarget implements DebugTarget {
  private static final int STEPS_BETWEEN_LOOKS = 256;

  private final Timeline timeline;
  private final Brancher brancher;
  private @Nullable LiveTarget branch;

  /** Goes live from the present of a timeline. */
  @FunctionalInterface
  public interface Brancher {
    /**
     * A branch, which is its maker's to end.
     *
     * @throws IOException if there can be none; the message is a sentence
     */
    Started branch(Timeline timeline) throws IOException;
  }

  /**
   * A branch.
   *
   * @param target the machine that goes on
   * @param sentence what the person is to know of it
   */
  public record Started(LiveTarget target, String sentence) {}

  /** A recording in which nothing can be changed. */
  public RecordedTarget(Timeline timeline) {
    this(
        timeline,
        present -> {
          throw new RecordingException(
              "A recording is what has happened: registers and memory cannot be changed in it.");
        });
  }

  /**
   * A debugger moves the timeline's present; the timeline stays its owner's.
   *
   * @param brancher goes live if something is changed
   */
  public RecordedTarget(Timeline timeline, Brancher brancher) {
    this.timeline = timeline;
    this.brancher = brancher;
  }

  @Override
  public Machine machine() {
    return branch == null ? timeline.machine() : branch.machine();
  }

  @Override
  public boolean isReversible() {
    return true;
  }

  @Override
  public boolean hasLeftRecording() {
    return branch != null;
  }

  @Override
  public Place place() {
    if (branch != null) {
      return branch.place();
    }
    if (machine().steps() == 0 && machine().now() == 0) {
      return Place.BEGINNING;
    }
    return timeline.isAtEnd() ? Place.END : Place.BETWEEN;
  }

  @Override
  public StopReason resume(Direction direction, Stops stops, Interruption interruption)
      throws IOException {
    if (branch != null) {
      checkForwards(direction);
      return branch.resume(direction, stops, interruption);
    }
    if (direction == Direction.BACKWARDS) {
      if (timeline.runBack(stops, interruption::isInterrupted) == Outcome.STOP) {
        return HitReasons.of(timeline.hits());
      }
      return place() == Place.BEGINNING ? new StopReason.Beginning() : new StopReason.Interrupted();
    }
    if (timeline.run(stops, interruption::isInterrupted) == Outcome.STOP) {
      return HitReasons.of(timeline.hits());
    }
    return timeline.isAtEnd() ? new StopReason.End() : new StopReason.Interrupted();
  }

  @Override
  public StopReason step(Direction direction, int vcpu, Stops stops, Interruption interruption)
      throws IOException {
    if (branch != null) {
      checkForwards(direction);
      return branch.step(direction, vcpu, stops, interruption);
    }
    return direction == Direction.FORWARDS
        ? stepForwards(vcpu, stops, interruption)
        : stepBackwards(vcpu);
  }

  private static void checkForwards(Direction direction) throws IOException {
    if (direction == Direction.BACKWARDS) {
      throw new IOException(
          "This is a live branch, which only goes forwards; its own recording goes backwards.");
    }
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
    if (branch != null) {
      branch.seek(tick, interruption);
    }
    long last = timeline.recording().lastTick();
    if (tick > last) {
      throw new RecordingException(
          "The recording is from tick 0 to %d; there is no tick %d in it.".formatted(last, tick));
    }
    timeline.seek(tick, interruption::isInterrupted);
  }

  @Override
  public void seekStep(long steps, Interruption interruption) throws IOException {
    if (branch != null) {
      branch.seekStep(steps, interruption);
    }
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
  public Optional<String> change(List<Edit> edits) throws IOException {
    if (branch != null) {
      return branch.change(edits);
    }
    Started started = brancher.branch(timeline);
    branch = started.target();
    Optional<String> _ = branch.change(edits);
    return Optional.of(started.sentence());
  }

  /** Ends a branch; a recording stays. */
  @Override
  public void kill() {
    if (branch != null) {
      branch.kill();
    }
  }
}
