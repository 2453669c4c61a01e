package dev.hindsight.cli;

import dev.hindsight.board.MachineBuilder;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.World;
import org.jspecify.annotations.Nullable;

/**
 * A world that brings out what the guest has printed before time passes without it printing more:
 * prompts end without a new line, and whoever reads a pipe waits for them.
 */
final class PromptWorld implements World {
  private static final long INTERVALS_PER_SECOND = 50;

  private final World world;
  private final Console console;
  private long next;

  PromptWorld(World world, Console console) {
    this.world = world;
    this.console = console;
  }

  @Override
  public long nextInput() {
    return world.nextInput();
  }

  @Override
  public @Nullable Input poll(long now) {
    if (now >= next) {
      next = now + MachineBuilder.TICKS_PER_SECOND / INTERVALS_PER_SECOND;
      console.flush();
    }
    return world.poll(now);
  }

  @Override
  public long idle(long now, long limit) {
    console.flush();
    return world.idle(now, limit);
  }

  @Override
  public boolean isOver() {
    return world.isOver();
  }
}
