package dev.hindsight.cpu.interpreter;

import dev.hindsight.cpu.Vcpu;

/** Runs guest code block by block. */
@FunctionalInterface
public interface BlockRunner {
  /**
   * Runs for as long as nothing but the next instruction can come next, at most to a tick, and at
   * least a step.
   */
  void run(Vcpu cpu, long end);
}
