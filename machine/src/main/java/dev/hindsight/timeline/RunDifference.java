package dev.hindsight.timeline;

import dev.hindsight.bus.Input;
import dev.hindsight.bus.state.StateDifferences;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The first difference of two runs: what happened, to machines in equal states, after which their
 * states differed.
 *
 * @param cause what happened
 * @param tick the tick at which it happened, or the last one at which all vCPUs were at one
 * @param steps steps that all vCPUs had executed before
 * @param seenTick the tick of the first run when the states were seen to differ
 * @param seenSteps steps of the first run when the states were seen to differ
 * @param vcpu the vCPU that made the step, if it was one
 * @param deadlines names of the devices whose deadlines came at the tick, in their order
 * @param firstInputs inputs that the first run took at the tick
 * @param secondInputs inputs that the second run took at the tick
 * @param firstInterventions what was changed in the first run, if that is the cause
 * @param secondInterventions what was changed in the second run, if that is the cause
 * @param firstObstacle why the first run cannot go on, in one sentence; empty if it can
 * @param secondObstacle why the second run cannot go on, in one sentence; empty if it can
 * @param fields fields of the board, the vCPUs and the chips that differ afterwards
 * @param moreFields how many fields differ beside these
 * @param bytes bytes of memory and of disks that differ afterwards
 * @param moreBytes how many bytes differ beside these
 */
public record RunDifference(
    Cause cause,
    long tick,
    long steps,
    long seenTick,
    long seenSteps,
    OptionalInt vcpu,
    List<String> deadlines,
    List<Input> firstInputs,
    List<Input> secondInputs,
    List<Intervention> firstInterventions,
    List<Intervention> secondInterventions,
    Optional<String> firstObstacle,
    Optional<String> secondObstacle,
    List<StateDifferences.Difference> fields,
    int moreFields,
    List<ByteDifference> bytes,
    long moreBytes) {

  /** What happened. */
  public enum Cause {
    /** Nothing: the machines are different ones. */
    POWER_ON,
    /** The runs have different inputs at this tick. The states may be equal even so. */
    INPUT,
    /** Equal inputs, the deadlines of chips or a reset at this tick had different effects. */
    EVENTS,
    /**
     * Somebody changed something in one of the runs, or something else in each. With several vCPUs
     * the equal states before it may be those before the step that it follows.
     */
    INTERVENTION,
    /** A step of a vCPU: an instruction, or the delivery of an interrupt or exception. */
    STEP,
    /** Time passed while all vCPUs were halted. */
    TIME,
    /**
     * Not known. It happened between the given instant and that at which it was seen, but not when
     * the machines did the same again: an engine depends on something that is not in the machine's
     * state.
     */
    UNREPEATABLE
  }

  /** Copies the lists. */
  public RunDifference {
    deadlines = List.copyOf(deadlines);
    firstInputs = List.copyOf(firstInputs);
    secondInputs = List.copyOf(secondInputs);
    firstInterventions = List.copyOf(firstInterventions);
    secondInterventions = List.copyOf(secondInterventions);
    fields = List.copyOf(fields);
    bytes = List.copyOf(bytes);
  }
}
