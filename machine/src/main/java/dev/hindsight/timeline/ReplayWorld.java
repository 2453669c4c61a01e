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
  private final boolean endsIdle;
  private final long last;
  private int next;
  private long latest;

  /** The world of a recording. */
  public ReplayWorld(Recording recording) {
    inputs = recording.inputs();
    endsIdle = recording.seal().map(s -> s.outcome() == Outcome.IDLE).orElse(false);
    last = recording.lastTick();
  }

  /**
   * How far it has come.
   *
   * @param inputs number of inputs that were handed over
   * @param latest the tick at which it was asked last
   */
  record Position(int inputs, long latest) {}

  /** How far it has come. */
  Position position() {
    return new Position(next, latest);
  }

  /** Goes back, or ahead, to where it was. */
  void position(Position position) {
    next = position.inputs();
    latest = position.latest();
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
