package dev.hindsight.timeline.live;

/** How virtual time and the wall clock go together. */
public enum Pace {
  /** Not at all: idle time is skipped. */
  NONE,
  /**
   * Virtual time never leads the wall clock: a machine that is idle waits. One that has much to do
   * falls behind, and catches up when it is idle.
   */
  REALTIME
}
