package dev.hindsight.board;

import dev.hindsight.memory.RamSnapshot;
import java.util.List;

/**
 * All state of a machine at an instant. It holds on to pages of memory until it is closed.
 *
 * @param description the machine it is of
 * @param parts the state of its parts: board, vCPUs, devices
 * @param memory its RAM
 */
public record MachineState(
    MachineDescription description, List<PartState> parts, RamSnapshot memory)
    implements AutoCloseable {
  /** Copies the list. */
  public MachineState {
    parts = List.copyOf(parts);
  }

  @Override
  public void close() {
    memory.close();
  }
}
