package dev.hindsight.cpu;

/** Is told of what {@link Stops} had asked for, between two steps. */
@FunctionalInterface
public interface StopObserver {
  /** Stops at the first. */
  StopObserver FIRST = hit -> true;

  /**
   * Something has happened.
   *
   * @return whether the run is to stop there
   */
  boolean hit(StopHit hit);
}
