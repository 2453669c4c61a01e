package dev.hindsight.timeline;

import dev.hindsight.board.BoardState;
import dev.hindsight.board.Machine;
import dev.hindsight.board.PartState;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.state.RecordCodec;
import dev.hindsight.cpu.Vcpu;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Two runs that go side by side: whatever is done is done to both in the same way. */
final class RunPair {
  private static final String BOARD = "board";
  private static final RecordCodec<BoardState> BOARD_CODEC = RecordCodec.of(BoardState.class);

  private final ComparedRun first;
  private final ComparedRun second;

  RunPair(ComparedRun first, ComparedRun second) {
    this.first = first;
    this.second = second;
  }

  /**
   * A state that both have.
   *
   * @param first of the first run
   * @param second of the second run
   * @param vcpuSteps steps of each vCPU
   */
  record Shared(Checkpoint first, Checkpoint second, List<Long> vcpuSteps)
      implements AutoCloseable {
    long tick() {
      return first.tick();
    }

    long steps() {
      return first.steps();
    }

    @Override
    public void close() {
      first.close();
      second.close();
    }
  }

  /** Keeps the present state, which both have. */
  Shared share() {
    return new Shared(first.save(), second.save(), vcpuSteps(first.machine()));
  }

  /** Keeps the present state in the place of another one. */
  Shared shareInsteadOf(Shared earlier) {
    earlier.close();
    return share();
  }

  /** Comes back to a state. */
  void back(Shared to) {
    first.load(to.first);
    second.load(to.second);
  }

  /** Runs both: to a tick, but not further than so many steps. */
  void advance(long until, long steps) throws RecordingException {
    first.advance(until, steps);
    second.advance(until, steps);
  }

  /** Whether both are in one state. */
  boolean same() {
    Machine a = first.machine();
    Machine b = second.machine();
    return a.now() == b.now()
        && a.steps() == b.steps()
        && first.obstacle().isPresent() == second.obstacle().isPresent()
        && a.digest().equals(b.digest());
  }

  /** Compares both with what was recorded of the present tick. */
  void verify() {
    first.verify(first.machine().digest());
    second.verify(second.machine().digest());
  }

  /** The tick; the later one if they differ. */
  long tick() {
    return Math.max(first.machine().now(), second.machine().now());
  }

  /** Steps since power-on; of the run that has more if they differ. */
  long steps() {
    return Math.max(first.machine().steps(), second.machine().steps());
  }

  /** How the present states differ, and what happened since they were equal. */
  RunDifference difference(RunDifference.Cause happened, Shared before) {
    List<Intervention> a = first.interventionsSince(before.first);
    List<Intervention> b = second.interventionsSince(before.second);
    boolean intervention =
        !a.equals(b)
            && happened != RunDifference.Cause.INPUT
            && happened != RunDifference.Cause.UNREPEATABLE;
    RunDifference.Cause cause = intervention ? RunDifference.Cause.INTERVENTION : happened;
    boolean events = cause == RunDifference.Cause.INPUT || cause == RunDifference.Cause.EVENTS;
    StateComparison now = StateComparison.of(first.machine(), second.machine());
    return new RunDifference(
        cause,
        before.tick(),
        intervention ? (a.isEmpty() ? b : a).getFirst().steps() : before.steps(),
        first.machine().now(),
        first.machine().steps(),
        cause == RunDifference.Cause.STEP ? stepper(before) : OptionalInt.empty(),
        events ? deadlines(before) : List.of(),
        events ? first.inputsAt(before.tick()) : List.<Input>of(),
        events ? second.inputsAt(before.tick()) : List.<Input>of(),
        intervention ? a : List.<Intervention>of(),
        intervention ? b : List.<Intervention>of(),
        first.obstacle(),
        second.obstacle(),
        now.fields(),
        now.moreFields(),
        now.bytes(),
        now.moreBytes());
  }

  /** The vCPU that has made a step. */
  OptionalInt stepper(Shared before) {
    List<Long> a = vcpuSteps(first.machine());
    List<Long> b = vcpuSteps(second.machine());
    return IntStream.range(0, a.size())
        .filter(i ->
            !a.get(i).equals(before.vcpuSteps.get(i)) || !b.get(i).equals(before.vcpuSteps.get(i)))
        .findFirst();
  }

  private static List<Long> vcpuSteps(Machine machine) {
    return machine.vcpus().stream().map(Vcpu::steps).toList();
  }

  /** Whose deadlines are due in a state. */
  private List<String> deadlines(Shared state) {
    PartState board =
        state.first.state().parts().stream()
            .filter(p -> p.name().equals(BOARD))
            .findFirst()
            .orElseThrow();
    return BOARD_CODEC.decode(board.bytes()).deadlines().pending().stream()
        .filter(d -> d.tick() <= state.tick())
        .map(d -> first.machine().devices().get(d.device()).name())
        .toList();
  }
}
