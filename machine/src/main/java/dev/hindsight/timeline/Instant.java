package dev.hindsight.timeline;

import dev.hindsight.board.Machine;

/**
 * An instant of a run.
 *
 * @param steps steps that all vCPUs have executed
 * @param tick the last tick at which all vCPUs were at one
 * @param begun whether the inputs and deadlines of that tick have been, and only the next step is
 *     to come; while all vCPUs are halted ticks pass and steps do not
 */
public record Instant(long steps, long tick, boolean begun) implements Comparable<Instant> {
  /** Power-on. */
  public static final Instant POWER_ON = new Instant(0, 0, false);

  /** Where a machine is. */
  static Instant of(Machine machine) {
    return new Instant(machine.steps(), machine.now(), machine.hasBegunTick());
  }

  @Override
  public int compareTo(Instant other) {
    int bySteps = Long.compare(steps, other.steps);
    int byTick = bySteps != 0 ? bySteps : Long.compare(tick, other.tick);
    return byTick != 0 ? byTick : Boolean.compare(begun, other.begun);
  }
}
