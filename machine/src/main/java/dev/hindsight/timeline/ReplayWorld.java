package dev.hindsight.timeline;

import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.World;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A world that hands over what a recording holds, at the ticks at which it was handed over then. It
 * can be handed on from one machine to another that goes on in its place.
 *
 * <p>Interventions are not asked for by a machine: a recording that has some is replayed by {@link
 * #drive}, which makes them.
 */
public final class ReplayWorld implements World {
  private final List<TimedInput> inputs;
  private final List<Intervention> interventions;
  private final boolean endsIdle;
  private final long last;
  private int next;
  private int nextIntervention;
  private long latest;

  /** The world of a recording. */
  public ReplayWorld(Recording recording) {
    inputs = recording.inputs();
    interventions = recording.interventions();
    endsIdle = recording.seal().map(s -> s.outcome() == Outcome.IDLE).orElse(false);
    last = recording.lastTick();
  }

  /**
   * How far it has come.
   *
   * @param inputs number of inputs that were handed over
   * @param latest the tick at which it was asked last
   * @param interventions number of interventions that were made
   */
  public record Position(int inputs, long latest, int interventions) {}

  /** How far it has come. */
  Position position() {
    return new Position(next, latest, nextIntervention);
  }

  /** Goes back, or ahead, to where it was. */
  void position(Position position) {
    next = position.inputs();
    latest = position.latest();
    nextIntervention = position.interventions();
  }

  /** How a machine is run for a while. */
  @FunctionalInterface
  interface Run {
    /**
     * Runs it.
     *
     * @param until returns at the first boundary at or after this tick
     * @param steps returns at the latest when the vCPUs have executed so many steps in all
     */
    Outcome run(long until, long steps);
  }

  /** As {@link #drive} does, by {@link Machine#slice}. */
  Outcome slice(Machine machine, long until, long steps) {
    return drive(machine, until, steps, machine::slice);
  }

  /**
   * Runs a machine that this world is connected to, and makes the interventions on the way. Those
   * at the instant at which it ends are made too if that is named by a number of steps; if it is
   * named by a tick, they are yet to come.
   *
   * @param until returns at the first boundary at or after this tick
   * @param steps returns at the latest when the vCPUs have executed so many steps since power-on
   * @param run how it is run from one intervention to the next
   * @throws ReplayDifference if the machine cannot be where an intervention is to be made, or does
   *     not take it
   */
  Outcome drive(Machine machine, long until, long steps, Run run) {
    while (nextIntervention < interventions.size()) {
      Intervention coming = interventions.get(nextIntervention);
      if (coming.tick() >= until) {
        break;
      }
      if (machine.now() < coming.tick()) {
        Outcome outcome = run.run(coming.tick(), steps - machine.steps());
        if (outcome != Outcome.LIMIT || machine.now() < coming.tick() || !machine.isAtBoundary()) {
          return outcome;
        }
      }
      if (machine.now() != coming.tick() || machine.steps() > coming.steps()) {
        throw missed(coming, machine);
      }
      // up to the end of its quantum at most, be it because the recording makes no sense
      long target = Math.min(steps, coming.steps());
      Outcome outcome = run.run(coming.tick() + 1, target - machine.steps());
      if (outcome != Outcome.LIMIT) {
        return outcome;
      }
      if (machine.now() != coming.tick()) {
        throw missed(coming, machine);
      }
      if (machine.steps() < coming.steps()) {
        return outcome;
      }
      make(coming, machine);
    }
    return run.run(until, steps - machine.steps());
  }

  private void make(Intervention coming, Machine machine) {
    nextIntervention++;
    try {
      coming.apply(machine);
    } catch (IllegalArgumentException e) {
      throw new ReplayDifference(
          "What was changed at tick %d after %d steps cannot be changed in the replay: %s"
              .formatted(coming.tick(), coming.steps(), e.getMessage()),
          machine.now(),
          List.of());
    }
  }

  private static ReplayDifference missed(Intervention coming, Machine machine) {
    return new ReplayDifference(
        "The replay is at tick %d after %d steps where there is to be a change at tick %d after %d steps."
            .formatted(machine.now(), machine.steps(), coming.tick(), coming.steps()),
        machine.now(),
        List.of());
  }

  @Override
  public long nextInput() {
    return next < inputs.size() ? inputs.get(next).tick() : NEVER;
  }

  @Override
  public @Nullable Input poll(long now) {
    latest = now;
    if (nextInput() > now || next == inputs.size()) {
      return null;
    }
    if (nextInput() < now) {
      throw new ReplayDifference(
          "The input of tick %d could not be delivered: the replay stopped at tick %d only."
              .formatted(nextInput(), now),
          now,
          List.of());
    }
    return inputs.get(next++).input();
  }

  /** To the limit, or to where the recorded run was found to have nothing to wait for. */
  @Override
  public long idle(long now, long limit) {
    return endsIdle && now < last ? Math.min(limit, last) : limit;
  }

  @Override
  public boolean isOver() {
    return endsIdle && next == inputs.size() && latest >= last;
  }
}
