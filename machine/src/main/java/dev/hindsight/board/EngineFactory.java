package dev.hindsight.board;

import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.cpu.CpuModel;
import dev.hindsight.cpu.Engine;

/** Makes the engine of a machine. */
@FunctionalInterface
public interface EngineFactory {
  /** An engine for one machine, which serves all its vCPUs. */
  Engine create(PhysicalMemory memory, CpuModel model);
}
