package dev.hindsight.timeline;

import dev.hindsight.board.Machine;
import dev.hindsight.board.OutputListener;
import dev.hindsight.bus.World;

/** Makes machines of one description, as often as they are needed. */
@FunctionalInterface
public interface MachineFactory {
  /**
   * A machine at power-on.
   *
   * @param world where its inputs come from
   * @param outputs who hears what it sends
   * @param tlbCapacity how many entries its TLBs may have
   */
  Machine create(World world, OutputListener outputs, int tlbCapacity);
}
