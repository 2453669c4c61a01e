package dev.hindsight.cli;

import dev.hindsight.bus.Input;
import dev.hindsight.bus.World;
import org.jspecify.annotations.Nullable;

/** A world that counts what it hands over. */
final class CountedWorld implements World {
  private final World world;
  private long inputs;

  CountedWorld(World world) {
    this.world = world;
  }

  /** How many inputs there were. */
  long inputs() {
    return inputs;
  }

  @Override
  public long nextInput() {
    return world.nextInput();
  }

  @Override
  public @Nullable Input poll(long now) {
    Input input = world.poll(now);
    if (input != null) {
      inputs++;
    }
    return input;
  }

  @Override
  public long idle(long now, long limit) {
    return world.idle(now, limit);
  }

  @Override
  public boolean isOver() {
    return world.isOver();
  }
}
