package dev.hindsight.bus;

/**
 * Virtual time, in ticks (default 1 tick = 1 ns).
 *
 * <p>While a vCPU runs this is the tick of its current instruction; devices read it to compute
 * their counters and may {@linkplain DeadlineQueue schedule deadlines}.
 */
public interface VirtualClock {
  /** The present tick, from 0 at power-on. */
  long now();

  /** Ticks in a virtual second. */
  long ticksPerSecond();
}
