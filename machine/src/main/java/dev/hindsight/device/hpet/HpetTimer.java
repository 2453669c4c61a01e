package dev.hindsight.device.hpet;

/** One timer: its configuration and its comparator. Times are values of the main counter. */
final class HpetTimer {
  /** Cycles until a match that does not come. */
  static final long NEVER = -1;

  private static final int LEVEL = 1 << 1;
  private static final int ENABLED = 1 << 2;
  private static final int PERIODIC = 1 << 3;
  private static final int PERIODIC_CAPABLE = 1 << 4;
  private static final int SIZE_64_CAPABLE = 1 << 5;
  private static final int SET_VALUE = 1 << 6;
  private static final int MODE_32 = 1 << 8;
  private static final int ROUTE_SHIFT = 9;
  private static final int ROUTE = 0x1F << ROUTE_SHIFT;
  private static final int FSB_ENABLED = 1 << 14;
  private static final int FSB_CAPABLE = 1 << 15;

  private static final int WRITABLE =
      LEVEL | ENABLED | PERIODIC | SET_VALUE | MODE_32 | ROUTE | FSB_ENABLED;
  private static final long CAPABILITIES =
      (long) Hpet.PIN_MASK << 32 | PERIODIC_CAPABLE | SIZE_64_CAPABLE | FSB_CAPABLE;
  private static final long LOW_HALF = 0xFFFF_FFFFL;

  private int configuration;
  private long comparator;
  private long period;
  private long fsbRoute;
  private boolean held;

  HpetTimer() {
    reset();
  }

  /**
   * The whole state.
   *
   * @param configuration the bits that software can write
   * @param period what a periodic timer adds to its comparator at each match
   * @param fsbRoute data, and in the upper half address, of its message
   * @param held whether the line that it has in legacy replacement rests high after an edge
   */
  record State(int configuration, long comparator, long period, long fsbRoute, boolean held) {}

  State save() {
    return new State(configuration, comparator, period, fsbRoute, held);
  }

  void load(State s) {
    configuration = s.configuration;
    comparator = s.comparator;
    period = s.period;
    fsbRoute = s.fsbRoute;
    held = s.held;
  }

  void reset() {
    load(new State(0, -1, 0, 0, false));
  }

  // ---- configuration

  /** The configuration and capability register. */
  long configuration() {
    return CAPABILITIES | configuration;
  }

  /** Writes it; a route to a pin that there is not becomes 0. */
  void configuration(long value) {
    configuration = (int) value & WRITABLE;
    if ((Hpet.PIN_MASK >>> route() & 1) == 0) {
      configuration &= ~ROUTE;
    }
    if (is32Bit()) {
      comparator &= LOW_HALF;
      period &= LOW_HALF;
    }
  }

  boolean isLevelTriggered() {
    return (configuration & LEVEL) != 0;
  }

  boolean isInterruptEnabled() {
    return (configuration & ENABLED) != 0;
  }

  private boolean isPeriodic() {
    return (configuration & PERIODIC) != 0;
  }

  private boolean is32Bit() {
    return (configuration & MODE_32) != 0;
  }

  /** The I/O APIC's pin, or 0 if none was chosen. */
  int route() {
    return (configuration & ROUTE) >>> ROUTE_SHIFT;
  }

  /** Whether its interrupts are messages. */
  boolean isFsb() {
    return (configuration & FSB_ENABLED) != 0;
  }

  /** The FSB interrupt route register: data of the message, its address in the upper half. */
  long fsbRoute() {
    return fsbRoute;
  }

  void fsbRoute(long value) {
    fsbRoute = value;
  }

  /** Whether the line that it has in legacy replacement rests high after an edge. */
  boolean isHeld() {
    return held;
  }

  void held(boolean value) {
    held = value;
  }

  // ---- comparator

  /** The comparator register. */
  long comparator() {
    return comparator;
  }

  /**
   * Writes the comparator register, or half of it. A periodic timer takes the value as its period;
   * it takes it as the value of the comparator too only after its bit for that (Tn_VAL_SET_CNF) was
   * set, which is for one write.
   *
   * @param mask the bits that are written
   */
  void comparator(long value, long mask) {
    long significant = is32Bit() ? LOW_HALF : -1;
    long written = value & mask;
    if (!isPeriodic() || (configuration & SET_VALUE) != 0) {
      comparator = (comparator & ~mask | written) & significant;
    }
    if (isPeriodic()) {
      period = (period & ~mask | written) & significant;
    }
    configuration &= ~SET_VALUE;
  }

  /**
   * Cycles from a value of the main counter to the next match, as an unsigned number, or {@link
   * #NEVER}. A match is the counter's coming to the comparator's value, so if both are equal
   * already it has to go all the way round.
   */
  long untilMatch(long counter) {
    long distance = comparator - counter;
    if (is32Bit()) {
      distance &= LOW_HALF;
      return distance == 0 ? LOW_HALF + 1 : distance;
    }
    return distance == 0 ? NEVER : distance;
  }

  /** Cycles since the counter, which has this value now, matched. */
  long sinceMatch(long counter) {
    long distance = counter - comparator;
    return is32Bit() ? distance & LOW_HALF : distance;
  }

  /** The counter has come to the comparator's value, which moves on if the timer is periodic. */
  void matched() {
    if (isPeriodic()) {
      comparator += period;
      if (is32Bit()) {
        comparator &= LOW_HALF;
      }
    }
  }
}
