package dev.hindsight.board;

import dev.hindsight.memory.RamSnapshot;
import java.util.ArrayList;
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

  /**
   * The hash of this state, which a machine that has loaded it has.
   *
   * @param tick the tick of the state
   */
  public StateDigest digest(long tick) {
    List<StateDigest.Entry> entries = new ArrayList<>();
    for (PartState p : parts) {
      entries.add(new StateDigest.Entry(p.name(), p.hash()));
    }
    entries.add(new StateDigest.Entry(StateDigest.MEMORY, memory.hash()));
    for (int i = 0; i < disks.size(); i++) {
      entries.add(new StateDigest.Entry(description.disks().get(i).name(), disks.get(i).hash()));
    }
    return new StateDigest(tick, entries);
  }

  @Override
  public void close() {
    memory.close();
    disks.forEach(RamSnapshot::close);
  }
}
