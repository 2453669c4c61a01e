package dev.hindsight.cpu.pmu;

import dev.hindsight.bus.PerformanceInterrupt;
import java.util.Arrays;

/**
 * The performance-monitoring unit of one vCPU: its registers, and what it counts.
 *
 * <p>Where a method takes {@code steps}, it is the number of steps that the vCPU has completed; it
 * never falls. The engine lets no block go on beyond {@link #deadline}, and tells branches while it
 * {@link #countsBranches}.
 */
public final class PerformanceMonitor {
  /** Version of architectural performance monitoring. */
  public static final int VERSION = 2;

  /** Number of general counters. */
  public static final int GENERAL = 4;

  /** Number of fixed counters: instructions retired, core cycles, reference cycles. */
  public static final int FIXED = 3;

  /** Width of all counters in bits. */
  public static final int WIDTH = 48;

  private static final int PMC0 = 0xC1;
  private static final int PERFEVTSEL0 = 0x186;
  private static final int FIXED_CTR0 = 0x309;
  private static final int PERF_CAPABILITIES = 0x345;
  private static final int FIXED_CTR_CTRL = 0x38D;
  private static final int GLOBAL_STATUS = 0x38E;
  private static final int GLOBAL_CTRL = 0x38F;
  private static final int GLOBAL_OVF_CTRL = 0x390;
  private static final int A_PMC0 = 0x4C1;

  private static final int COUNTERS = GENERAL + FIXED;
  private static final long LIMIT = 1L << WIDTH;
  private static final long MASK = LIMIT - 1;

  /** General counters can be written in full width. */
  private static final long FULL_WIDTH_WRITES = 1 << 13;

  private static final long SELECTOR_USER = 1 << 16;
  private static final long SELECTOR_SYSTEM = 1 << 17;
  private static final long SELECTOR_INTERRUPT = 1 << 20;
  private static final long SELECTOR_ENABLE = 1 << 22;

  /** All bits of IA32_PERFEVTSELx but 21, AnyThread, which came with version 3. */
  private static final long SELECTOR_DEFINED = 0xFFDF_FFFFL;

  private static final int FIXED_SYSTEM = 1;
  private static final int FIXED_USER = 2;
  private static final int FIXED_INTERRUPT = 8;

  /** Each counter's four bits but AnyThread. */
  private static final long FIXED_DEFINED = 0xBBB;

  /** Bits of the counters in the global registers. */
  private static final long GLOBAL_DEFINED = (1 << GENERAL) - 1 | (1L << FIXED) - 1 << 32;

  /** Overflow of the debug store's buffer and "condition changed"; neither ever happens. */
  private static final long STATUS_OTHERS = 3L << 62;

  private final long[] selectors = new long[GENERAL];
  private final long[] counters = new long[COUNTERS];
  private long fixedControl;
  private long globalControl;
  private long globalStatus;
  private PerformanceInterrupt interrupt = PerformanceInterrupt.UNCONNECTED;

  /** Step up to which the counters are right. */
  private long since;

  private boolean user;

  // derived from the registers and the privilege level
  private final CountedEvent[] events = new CountedEvent[COUNTERS];
  private boolean counts;
  private boolean countsBranches;
  private boolean distinguishesLevels;
  private long deadline = Long.MAX_VALUE;

  /** A unit as after RESET#, of a vCPU that has made no step. */
  public PerformanceMonitor() {
    reset(0);
  }

  /** Connects the request for an interrupt. */
  public void connect(PerformanceInterrupt pin) {
    interrupt = pin;
  }

  /**
   * The state after RESET#: nothing counts, all general counters are enabled globally. INIT leaves
   * the unit as it is.
   */
  public void reset(long steps) {
    Arrays.fill(selectors, 0);
    Arrays.fill(counters, 0);
    fixedControl = 0;
    globalControl = (1 << GENERAL) - 1;
    globalStatus = 0;
    since = steps;
    derive();
  }

  // ---- what the vCPU and its engine tell and ask

  /**
   * Number of completed steps at which {@link #reachDeadline} must be called; the largest if never.
   */
  public long deadline() {
    return deadline;
  }

  /** Whether each branch must be told. */
  public boolean countsBranches() {
    return countsBranches;
  }

  /** Whether what it counts depends on the privilege level. */
  public boolean distinguishesLevels() {
    return distinguishesLevels;
  }

  /** The {@link #deadline} has come: counters overflow after the step just completed. */
  public void reachDeadline(long steps) {
    update(steps, 0);
    derive();
  }

  /** The step just completed was a branch instruction; none of it has been told before. */
  public void branch(long steps) {
    update(steps - 1, 0);
    update(steps, 1);
    if (steps >= deadline) {
      derive();
    }
  }

  /**
   * The privilege level changes, in the step after those completed.
   *
   * @param toUser whether the new level is 1, 2 or 3
   */
  public void changeLevel(boolean toUser, long steps) {
    if (user != toUser) {
      if (distinguishesLevels) {
        update(steps, 0);
        user = toUser;
        derive();
      } else {
        user = toUser;
      }
    }
  }

  // ---- counting

  /** Counts what happened since the last update, and handles overflow. */
  private void update(long steps, int branches) {
    long passed = steps - since;
    since = steps;
    if (!counts) {
      return;
    }
    boolean requests = false;
    for (int i = 0; i < COUNTERS; i++) {
      long next = counters[i] + events[i].count(passed, branches);
      if (next >= LIMIT) {
        globalStatus |= globalBit(i);
        requests |= interrupts(i);
      }
      counters[i] = next & MASK;
    }
    if (requests) {
      interrupt.counterOverflow();
    }
  }

  private static long globalBit(int counter) {
    return counter < GENERAL ? 1L << counter : 1L << (32 + counter - GENERAL);
  }

  private int fixedBits(int counter) {
    return (int) (fixedControl >>> 4 * (counter - GENERAL)) & 0xF;
  }

  private boolean interrupts(int counter) {
    return counter < GENERAL
        ? (selectors[counter] & SELECTOR_INTERRUPT) != 0
        : (fixedBits(counter) & FIXED_INTERRUPT) != 0;
  }

  private CountedEvent selected(int counter) {
    if ((globalControl & globalBit(counter)) == 0) {
      return CountedEvent.NONE;
    }
    if (counter >= GENERAL) {
      return CountedEvent.STEPS;
    }
    long selector = selectors[counter];
    return (selector & SELECTOR_ENABLE) != 0 ? CountedEvent.of(selector) : CountedEvent.NONE;
  }

  private boolean countsAt(int counter, boolean userLevel) {
    return counter < GENERAL
        ? (selectors[counter] & (userLevel ? SELECTOR_USER : SELECTOR_SYSTEM)) != 0
        : (fixedBits(counter) & (userLevel ? FIXED_USER : FIXED_SYSTEM)) != 0;
  }

  /** Derives what counts now, and when it overflows; the counters are right. */
  private void derive() {
    counts = false;
    countsBranches = false;
    distinguishesLevels = false;
    deadline = Long.MAX_VALUE;
    for (int i = 0; i < COUNTERS; i++) {
      CountedEvent event = selected(i);
      boolean here = countsAt(i, user);
      if (event != CountedEvent.NONE && here != countsAt(i, !user)) {
        distinguishesLevels = true;
      }
      if (!here) {
        event = CountedEvent.NONE;
      }
      events[i] = event;
      counts |= event != CountedEvent.NONE;
      countsBranches |= event.needsBranches();
      if (event.needsSteps()) {
        deadline = Math.min(deadline, since + LIMIT - counters[i]);
      }
    }
  }

  // ---- registers

  /** Whether a number is that of one of the unit's MSRs. */
  public static boolean has(int msr) {
    return switch (msr) {
      case PERF_CAPABILITIES, FIXED_CTR_CTRL, GLOBAL_STATUS, GLOBAL_CTRL, GLOBAL_OVF_CTRL -> true;
      default ->
          isGeneral(msr, PMC0)
              || isGeneral(msr, PERFEVTSEL0)
              || isGeneral(msr, A_PMC0)
              || (msr >= FIXED_CTR0 && msr < FIXED_CTR0 + FIXED);
    };
  }

  private static boolean isGeneral(int msr, int first) {
    return msr >= first && msr < first + GENERAL;
  }

  /** Reads an MSR that the unit {@link #has}. */
  public long read(int msr, long steps) {
    return switch (msr) {
      case PERF_CAPABILITIES -> FULL_WIDTH_WRITES;
      case FIXED_CTR_CTRL -> fixedControl;
      case GLOBAL_STATUS -> globalStatus;
      case GLOBAL_CTRL -> globalControl;
      case GLOBAL_OVF_CTRL -> 0;
      default -> {
        if (isGeneral(msr, PERFEVTSEL0)) {
          yield selectors[msr - PERFEVTSEL0];
        }
        yield counter(counterOf(msr), steps);
      }
    };
  }

  private static int counterOf(int msr) {
    if (isGeneral(msr, PMC0)) {
      return msr - PMC0;
    }
    return isGeneral(msr, A_PMC0) ? msr - A_PMC0 : GENERAL + msr - FIXED_CTR0;
  }

  /** A general counter, from 0. */
  public long general(int number, long steps) {
    return counter(number, steps);
  }

  /** A fixed counter, from 0. */
  public long fixed(int number, long steps) {
    return counter(GENERAL + number, steps);
  }

  private long counter(int number, long steps) {
    return counters[number] + events[number].count(steps - since, 0) & MASK;
  }

  /**
   * Writes an MSR that the unit {@link #has}. The engine must ask anew for the {@link #deadline}.
   *
   * @return false if the register does not take the value, and nothing has changed
   */
  public boolean write(int msr, long value, long steps) {
    boolean readOnly = msr == PERF_CAPABILITIES || msr == GLOBAL_STATUS;
    if (readOnly || (value & ~writable(msr)) != 0) {
      return false;
    }
    update(steps, 0);
    switch (msr) {
      case FIXED_CTR_CTRL -> fixedControl = value;
      case GLOBAL_CTRL -> globalControl = value;
      case GLOBAL_OVF_CTRL -> globalStatus &= ~value;
      default -> {
        if (isGeneral(msr, PERFEVTSEL0)) {
          selectors[msr - PERFEVTSEL0] = value;
        } else {
          counters[counterOf(msr)] = isGeneral(msr, PMC0) ? (int) value & MASK : value;
        }
      }
    }
    derive();
    return true;
  }

  /** Bits that may be set in what is written. */
  private static long writable(int msr) {
    return switch (msr) {
      case FIXED_CTR_CTRL -> FIXED_DEFINED;
      case GLOBAL_CTRL -> GLOBAL_DEFINED;
      case GLOBAL_OVF_CTRL -> GLOBAL_DEFINED | STATUS_OTHERS;
      default -> {
        if (isGeneral(msr, PERFEVTSEL0)) {
          yield SELECTOR_DEFINED;
        }
        // the old address takes 32 bits, extends their sign, and ignores the rest
        yield isGeneral(msr, PMC0) ? -1L : MASK;
      }
    };
  }

  // ---- saved state

  /** The whole state, between two steps. */
  public PmuState save(long steps) {
    long[] now = new long[COUNTERS];
    for (int i = 0; i < COUNTERS; i++) {
      now[i] = counter(i, steps);
    }
    return new PmuState(selectors.clone(), now, fixedControl, globalControl, globalStatus);
  }

  /** Becomes what {@link #save} had returned. */
  public void load(PmuState state, boolean userLevel, long steps) {
    System.arraycopy(state.selectors(), 0, selectors, 0, GENERAL);
    System.arraycopy(state.counters(), 0, counters, 0, COUNTERS);
    fixedControl = state.fixedControl();
    globalControl = state.globalControl();
    globalStatus = state.globalStatus();
    user = userLevel;
    since = steps;
    derive();
  }
}
