package dev.hindsight.cli;

import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.cpu.StopObserver;
import dev.hindsight.cpu.Stops;
import dev.hindsight.gdb.GdbServer;
import dev.hindsight.gdb.LiveTarget;
import dev.hindsight.gdb.Runner;
import dev.hindsight.timeline.Edit;
import dev.hindsight.timeline.Recorder;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs a machine for people, one of whom may have a debugger. */
final class DebuggedRun implements Runner {
  private final Machine machine;
  private final @Nullable Recorder recorder;
  private final long until;
  private final Runnable kill;
  private Outcome outcome = Outcome.LIMIT;

  DebuggedRun(Machine machine, @Nullable Recorder recorder, long until, Runnable kill) {
    this.machine = machine;
    this.recorder = recorder;
    this.until = until;
    this.kill = kill;
  }

  /**
   * Runs up to a tick, or to whatever ends the run before.
   *
   * @param wait whether to begin only when a debugger says so
   * @param kill cuts the power
   */
  static Outcome run(
      Machine machine,
      @Nullable Recorder recorder,
      long until,
      GdbServer server,
      boolean wait,
      Runnable kill)
      throws IOException {
    DebuggedRun run = new DebuggedRun(machine, recorder, until, kill);
    LiveTarget target = new LiveTarget(machine, run);
    if (wait) {
      Debuggers.report(server.serve(target));
    }
    long slice = LiveRun.slice(machine);
    while (!run.isOver()) {
      run.run(slice, Stops.NONE, false);
      Debuggers.report(server.serveIfCalled(target));
    }
    return run.outcome;
  }

  @Override
  public Outcome run(long ticks, Stops stops, boolean inclusive) throws IOException {
    long end = machine.now() < until - ticks ? machine.now() + ticks : until;
    outcome =
        recorder == null
            ? machine.observe(end, ticks, stops, StopObserver.FIRST, inclusive)
            : recorder.slice(end, ticks, stops, inclusive);
    return outcome;
  }

  @Override
  public boolean isOver() {
    return outcome != Outcome.STOP && (outcome != Outcome.LIMIT || machine.now() >= until);
  }

  @Override
  public void change(List<Edit> edits) throws IOException {
    if (recorder != null) {
      recorder.intervene(edits);
    } else {
      edits.forEach(e -> e.apply(machine));
    }
  }

  @Override
  public void kill() {
    kill.run();
  }
}
