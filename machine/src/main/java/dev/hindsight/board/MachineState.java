package dev.hindsight.board;

import dev.hindsight.memory.RamSnapshot;
import java.util.List;

/**
 * All state of a machine at an instant. It holds on to pages of memory until it is closed.
 *
 * @param description the machine it is of
 * @param parts the state of its parts: board, vCPUs, devices
 * @param memory its RAM
 * @param disks what was written to its disks
 */
public record MachineState(
    MachineDescription description,
    List<PartState> parts,
    RamSnapshot memory,
    List<RamSnapshot> disks)
    implements AutoCloseable {
  /** Copies the lists. */
  public MachineState {
    parts = List.copyOf(parts);
    disks = List.copyOf(disks);
  }

  @Override
  public void close() {
    memory.close();
    disks.forEach(RamSnapshot::close);
  }
}
