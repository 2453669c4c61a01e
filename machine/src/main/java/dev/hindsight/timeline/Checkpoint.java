package dev.hindsight.timeline;

import dev.hindsight.board.MachineState;

/**
 * What it takes to come back to an instant of a recording. It holds on to pages of memory until it
 * is closed.
 *
 * @param at the instant
 * @param state the machine
 * @param inputs how many inputs it had taken
 */
public record Checkpoint(Moment at, MachineState state, ReplayWorld.Position inputs)
    implements AutoCloseable {
  /** Steps that all vCPUs had executed. */
  public long steps() {
    return at.steps();
  }

  /** The last tick at which all vCPUs were at one. */
  public long tick() {
    return at.tick();
  }

  @Override
  public void close() {
    state.close();
  }
}
