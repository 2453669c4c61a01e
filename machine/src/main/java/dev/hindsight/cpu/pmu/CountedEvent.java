package dev.hindsight.cpu.pmu;

/** What a counter counts. */
enum CountedEvent {
  /** Nothing: the counter is off, or its event never happens here. */
  NONE,
  /** Steps: cycles and retired instructions. */
  STEPS,
  /** Retired branch instructions. */
  BRANCHES,
  /** Steps that are no branches. */
  OTHER_STEPS;

  private static final int EDGE = 1 << 18;
  private static final int INVERT = 1 << 23;

  /** Unhalted core cycles, and with unit mask 1 reference cycles: both are ticks. */
  private static final int CYCLES = 0x003C;

  private static final int REFERENCE_CYCLES = 0x013C;
  private static final int INSTRUCTIONS = 0x00C0;
  private static final int BRANCH_INSTRUCTIONS = 0x00C4;

  /**
   * The event that IA32_PERFEVTSELx selects, whether it is enabled or not. An event that there is
   * not never happens; neither do mispredicted branches (C5h), for nothing is predicted, nor
   * references to the last cache and misses (2Eh), for there are no caches.
   *
   * <p>At most one of anything happens in a cycle. So with a counter mask of 1 cycles in which an
   * event happens are as many as events; with a higher one there are none. Inverted, cycles in
   * which it happens less often are counted: those without it, or all. Edge detection makes pulses
   * of a condition that lasts: one that holds in every cycle has no edge, a branch is one.
   */
  static CountedEvent of(long selector) {
    CountedEvent event =
        switch ((int) selector & 0xFFFF) {
          case CYCLES, REFERENCE_CYCLES, INSTRUCTIONS -> STEPS;
          case BRANCH_INSTRUCTIONS -> BRANCHES;
          default -> NONE;
        };
    int mask = (int) (selector >>> 24) & 0xFF;
    if (mask != 0) {
      boolean inverted = (selector & INVERT) != 0;
      if (mask > 1) {
        event = inverted ? STEPS : NONE;
      } else if (inverted) {
        event = event.complement();
      }
    }
    return (selector & EDGE) != 0 && event != BRANCHES ? NONE : event;
  }

  private CountedEvent complement() {
    return switch (this) {
      case NONE -> STEPS;
      case STEPS -> NONE;
      case BRANCHES -> OTHER_STEPS;
      case OTHER_STEPS -> BRANCHES;
    };
  }

  /** How often it happens in a number of steps of which so many are branches. */
  long count(long steps, long branches) {
    return switch (this) {
      case NONE -> 0;
      case STEPS -> steps;
      case BRANCHES -> branches;
      case OTHER_STEPS -> steps - branches;
    };
  }

  /** Whether branches must be told. */
  boolean needsBranches() {
    return this == BRANCHES || this == OTHER_STEPS;
  }

  /** Whether steps alone may make it happen. */
  boolean needsSteps() {
    return this == STEPS || this == OTHER_STEPS;
  }
}
