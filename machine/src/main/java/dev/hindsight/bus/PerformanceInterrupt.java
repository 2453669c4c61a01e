package dev.hindsight.bus;

/**
 * The pin by which a CPU's performance counters ask for an interrupt. A local APIC stands behind
 * it, whose performance-counter entry of the local vector table says what becomes of the request.
 */
@FunctionalInterface
public interface PerformanceInterrupt {
  /** Nothing is connected. */
  PerformanceInterrupt UNCONNECTED = () -> {};

  /** Counters that interrupt have overflowed: a pulse, after the step that overflowed them. */
  void counterOverflow();
}
