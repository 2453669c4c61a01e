package dev.hindsight.timeline;

import dev.hindsight.board.MachineState;

/**
 * What it takes to come back to an instant of a recording. It holds on to pages of memory until it
 * is closed.
 *
 * @param steps steps that all vCPUs had executed
 * @param tick the last tick at which all vCPUs were at one
 * @param state the machine
 * @param inputs how many inputs it had taken
 */
record Checkpoint(long steps, long tick, MachineState state, ReplayWorld.Position inputs)
    implements AutoCloseable {
  @Override
  public void close() {
    state.close();
  }
}
