package dev.hindsight.cpu;

/** Something that runs a vCPU. All engines produce the same state at the same tick. */
public interface Engine extends AutoCloseable {
  /**
   * Runs a vCPU for at most {@code budget} ticks, and never one more.
   *
   * @param vcpu the vCPU
   * @param budget ticks, at least 1
   * @param stops where else to stop; {@link Stops#NONE} costs nothing
   * @return why it returned
   */
  RunExit run(Vcpu vcpu, long budget, Stops stops);

  /** What it has done so far. */
  default EngineCounts counts() {
    return EngineCounts.NONE;
  }

  /** Gives back what it has of the host. It runs nothing any more. */
  @Override
  default void close() {}
}
