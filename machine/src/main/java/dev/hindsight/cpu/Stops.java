package dev.hindsight.cpu;

import java.util.Set;

/**
 * Where a run is to stop, besides its budget: what debuggers, probes and assertions are built of.
 *
 * @param code linear addresses of instructions: stop before executing them
 * @param ranges memory accesses: stop after the instruction that made one
 * @param events stop after the step in which one happened
 */
public record Stops(Set<Long> code, Set<Range> ranges, Set<Event> events) {
  /** Stops nowhere, and costs nothing. */
  public static final Stops NONE = new Stops(Set.of(), Set.of(), Set.of());

  /** Copies its sets. */
  public Stops {
    code = Set.copyOf(code);
    ranges = Set.copyOf(ranges);
    events = Set.copyOf(events);
  }

  /** Whether there is nothing to look for. */
  public boolean isEmpty() {
    return code.isEmpty() && ranges.isEmpty() && events.isEmpty();
  }

  /** What is done to memory. */
  public enum Access {
    READ,
    WRITE,
    EXECUTE
  }

  /** What can happen to a CPU. */
  public enum Event {
    FAULT,
    INTERRUPT,
    CR3_WRITE,
    PORT,
    MMIO,
    MSR,
    MODE_CHANGE,
    HALT
  }

  /**
   * A range of memory.
   *
   * @param physical whether addresses are physical, else linear
   * @param start first address
   * @param length number of bytes, at least 1
   * @param access what is to be done to it
   */
  public record Range(boolean physical, long start, long length, Access access) {}
}
