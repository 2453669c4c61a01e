package dev.hindsight.device.apic;

import dev.hindsight.bus.DeadlineQueue;
import dev.hindsight.bus.VirtualClock;

/**
 * The timer of a local APIC (SDM volume 3, section "APIC Timer"). It counts once in as many ticks
 * as the divide configuration says; the count is a function of the present tick.
 */
final class ApicTimer {
  static final int ONE_SHOT = 0;
  static final int PERIODIC = 1;
  static final int TSC_DEADLINE = 2;

  private static final int EXPIRES = 0;

  private final VirtualClock clock;
  private final DeadlineQueue deadlines;
  private int mode;
  private int divide;
  private int initialCount;
  private long start;
  private boolean armed;
  private long deadline;

  ApicTimer(VirtualClock clock, DeadlineQueue deadlines) {
    this.clock = clock;
    this.deadlines = deadlines;
  }

  /**
   * The whole state.
   *
   * @param mode LVT mode: one-shot 0, periodic 1, TSC-deadline 2
   * @param divide divide configuration register
   * @param start tick at which the initial count was loaded
   * @param armed whether there is a TSC deadline
   * @param deadline the TSC deadline as a tick
   */
  record State(int mode, int divide, int initialCount, long start, boolean armed, long deadline) {}

  State save() {
    return new State(mode, divide, initialCount, start, armed, deadline);
  }

  void load(State s) {
    mode = s.mode;
    divide = s.divide;
    initialCount = s.initialCount;
    start = s.start;
    armed = s.armed;
    deadline = s.deadline;
  }

  void reset() {
    load(new State(ONE_SHOT, 0, 0, 0, false, 0));
    deadlines.cancel(EXPIRES);
  }

  /** Ticks for one count: 1 to 128. */
  private int divisor() {
    int code = (divide & 3) | (divide >>> 1 & 4);
    return code == 7 ? 1 : 2 << code;
  }

  private long period() {
    return Integer.toUnsignedLong(initialCount) * divisor();
  }

  int divide() {
    return divide;
  }

  void divide(int value) {
    int count = currentCount();
    divide = value & 0xB;
    if (initialCount != 0 && mode != TSC_DEADLINE) {
      // the count goes on from where it is, at the new speed
      start = clock.now() - Integer.toUnsignedLong(initialCount - count) * divisor();
      arm();
    }
  }

  /** Mode bits of the LVT entry changed. */
  void mode(int value) {
    if (value == mode) {
      return;
    }
    boolean toOrFromDeadline = value == TSC_DEADLINE || mode == TSC_DEADLINE;
    if (mode == PERIODIC && initialCount != 0) {
      // the period that is under way goes on to its end
      start += (clock.now() - start) / period() * period();
    }
    mode = value;
    if (toOrFromDeadline) {
      initialCount = 0;
      armed = false;
      deadline = 0;
      deadlines.cancel(EXPIRES);
    } else {
      arm();
    }
  }

  int initialCount() {
    return initialCount;
  }

  /** Writes the initial count, which starts the timer, or stops it with 0. */
  void initialCount(int value) {
    if (mode == TSC_DEADLINE) {
      return;
    }
    initialCount = value;
    start = clock.now();
    arm();
  }

  private void arm() {
    if (initialCount == 0) {
      deadlines.cancel(EXPIRES);
      return;
    }
    long elapsed = clock.now() - start;
    if (mode == PERIODIC) {
      deadlines.schedule(EXPIRES, start + (elapsed / period() + 1) * period());
    } else if (elapsed < period()) {
      deadlines.schedule(EXPIRES, start + period());
    } else {
      deadlines.cancel(EXPIRES);
    }
  }

  int currentCount() {
    if (initialCount == 0 || mode == TSC_DEADLINE) {
      return 0;
    }
    long elapsed = clock.now() - start;
    if (mode == PERIODIC) {
      elapsed %= period();
    } else if (elapsed >= period()) {
      return 0;
    }
    return (int) (Integer.toUnsignedLong(initialCount) - elapsed / divisor());
  }

  /**
   * The armed deadline as a value of the time-stamp counter, or 0.
   *
   * @param offset the counter minus the tick
   */
  long tscDeadline(long offset) {
    return armed ? deadline + offset : 0;
  }

  /**
   * Arms the deadline, or disarms it with 0; ignored in the other modes. One that the counter has
   * passed is due; one that is further away than ticks go never comes.
   *
   * @param value unsigned, as the counter is
   * @param offset the counter minus the tick
   */
  void tscDeadline(long value, long offset) {
    if (mode != TSC_DEADLINE) {
      return;
    }
    armed = value != 0;
    deadline = armed ? value - offset : 0;
    deadlines.cancel(EXPIRES);
    if (armed) {
      long now = clock.now();
      if (Long.compareUnsigned(value, now + offset) <= 0) {
        deadlines.schedule(EXPIRES, now + 1);
      } else if (deadline > now) {
        deadlines.schedule(EXPIRES, deadline);
      }
    }
  }

  /** The deadline has come. */
  void expired() {
    if (mode == PERIODIC) {
      arm();
    } else if (mode == TSC_DEADLINE) {
      armed = false;
      deadline = 0;
    }
  }
}
