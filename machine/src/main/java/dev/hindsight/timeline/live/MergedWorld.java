package dev.hindsight.timeline.live;

import dev.hindsight.bus.Input;
import dev.hindsight.bus.World;
import org.jspecify.annotations.Nullable;

/**
 * A script and people at one machine. People set the pace; if both have something, the script comes
 * first.
 *
 * @param script whose inputs depend on the machine alone
 * @param people everybody else
 */
public record MergedWorld(World script, World people) implements World {
  @Override
  public long nextInput() {
    return Math.min(script.nextInput(), people.nextInput());
  }

  @Override
  public @Nullable Input poll(long now) {
    Input input = script.poll(now);
    return input == null ? people.poll(now) : input;
  }

  @Override
  public long idle(long now, long limit) {
    return people.idle(now, Math.min(limit, Math.max(now + 1, script.nextInput())));
  }

  @Override
  public boolean isOver() {
    return script.isOver() && people.isOver();
  }
}
