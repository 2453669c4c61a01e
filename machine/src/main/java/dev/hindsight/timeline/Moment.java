package dev.hindsight.timeline;

import dev.hindsight.board.Machine;

/**
 * Where a machine is in a run: an instant, to the step.
 *
 * @param steps steps that all vCPUs have executed
 * @param tick the last tick at which all vCPUs were at one
 * @param begun whether the inputs and deadlines of that tick have been, and only the next step is
 *     to come; while all vCPUs are halted ticks pass and steps do not
 */
public record Moment(long steps, long tick, boolean begun) implements Comparable<Moment> {
  /** Power-on. */
  public static final Moment POWER_ON = new Moment(0, 0, false);

  /** Where a machine is. */
  static Moment of(Machine machine) {
    return new Moment(machine.steps(), machine.now(), machine.hasBegunTick());
  }

  @Override
  public int compareTo(Moment other) {
    int bySteps = Long.compare(steps, other.steps);
    int byTick = bySteps != 0 ? bySteps : Long.compare(tick, other.tick);
    return byTick != 0 ? byTick : Boolean.compare(begun, other.begun);
  }
}
