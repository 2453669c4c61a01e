package dev.hindsight.timeline;

import dev.hindsight.board.Outcome;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.World;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A world that hands over what a recording holds, at the ticks at which it was handed over then. It
 * can be handed on from one machine to another that goes on in its place.
 */
public final class ReplayWorld implements World {
  private final List<TimedInput> inputs;
  private final boolean over;
  private int next;

  /** The world of a recording. */
  public ReplayWorld(Recording recording) {
    inputs = recording.inputs();
    over = recording.seal().map(s -> s.outcome() == Outcome.IDLE).orElse(false);
  }

  @Override
  public long nextInput() {
    return next < inputs.size() ? inputs.get(next).tick() : NEVER;
  }

  @Override
  public @Nullable Input poll(long now) {
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

  @Override
  public long idle(long now, long limit) {
    return limit;
  }

  @Override
  public boolean isOver() {
    return over && next == inputs.size();
  }
}
