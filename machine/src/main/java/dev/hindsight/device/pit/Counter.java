package dev.hindsight.device.pit;

/**
 * One of the three counters. Times are cycles of its clock input.
 *
 * <p>Nothing counts here: the counting element and the output are computed from the present cycle.
 * A <i>run</i> is what a count that was loaded into the counting element makes it do: {@code start}
 * is the cycle at which it was loaded, which is the one after the write or the trigger. Until then,
 * and while nothing was loaded, the counter shows {@code idleValue} and {@code idleOut}. Looking
 * changes nothing, so that states do not depend on who has looked.
 */
final class Counter {
  /** The output does not change any more. */
  static final long NEVER = Long.MAX_VALUE;

  private static final int LOW_BYTE = 1;
  private static final int HIGH_BYTE = 2;
  private static final int BOTH_BYTES = 3;

  private int mode;
  private boolean bcd;
  private int access;
  private int written;
  private int count;
  private int nextCount;
  private long nextFrom;
  private long start;
  private long held;
  private int idleValue;
  private boolean idleOut;
  private boolean idleNull;
  private boolean gate;
  private boolean highByteNext;
  private boolean readHighNext;
  private boolean countLatched;
  private int latchedCount;
  private boolean statusLatched;
  private int latchedStatus;

  Counter() {
    reset();
  }

  /**
   * The whole state.
   *
   * @param access 1 low byte, 2 high byte, 3 both
   * @param written the low byte of a count whose high byte is still to come
   * @param count the count of the present run
   * @param nextCount a count that the present run does not know yet, or 0
   * @param nextFrom cycle at which that is loaded, or never if it waits for a trigger
   * @param start cycle at which {@code count} was or will be loaded, or never
   * @param held how many cycles the run had come when the gate stopped it
   * @param idleValue the counting element before the run
   * @param idleOut the output before the run
   * @param idleNull whether the count that was last written was still to be loaded before the run
   */
  record State(
      int mode,
      boolean bcd,
      int access,
      int written,
      int count,
      int nextCount,
      long nextFrom,
      long start,
      long held,
      int idleValue,
      boolean idleOut,
      boolean idleNull,
      boolean gate,
      boolean highByteNext,
      boolean readHighNext,
      boolean countLatched,
      int latchedCount,
      boolean statusLatched,
      int latchedStatus) {}

  State save() {
    return new State(
        mode,
        bcd,
        access,
        written,
        count,
        nextCount,
        nextFrom,
        start,
        held,
        idleValue,
        idleOut,
        idleNull,
        gate,
        highByteNext,
        readHighNext,
        countLatched,
        latchedCount,
        statusLatched,
        latchedStatus);
  }

  void load(State s) {
    mode = s.mode;
    bcd = s.bcd;
    access = s.access;
    written = s.written;
    count = s.count;
    nextCount = s.nextCount;
    nextFrom = s.nextFrom;
    start = s.start;
    held = s.held;
    idleValue = s.idleValue;
    idleOut = s.idleOut;
    idleNull = s.idleNull;
    gate = s.gate;
    highByteNext = s.highByteNext;
    readHighNext = s.readHighNext;
    countLatched = s.countLatched;
    latchedCount = s.latchedCount;
    statusLatched = s.statusLatched;
    latchedStatus = s.latchedStatus;
  }

  void reset() {
    mode = 0;
    bcd = false;
    access = BOTH_BYTES;
    written = 0;
    count = 0x10000;
    stop(0, false);
    held = 0;
    gate = true;
    highByteNext = false;
    readHighNext = false;
    countLatched = false;
    latchedCount = 0;
    statusLatched = false;
    latchedStatus = 0;
  }

  private int modulus() {
    return bcd ? 10_000 : 0x10000;
  }

  private boolean isPeriodic() {
    return mode == 2 || mode == 3;
  }

  private boolean isTriggeredByGate() {
    return mode == 1 || mode == 5;
  }

  // ---- programming

  /** A control word without its select bits: RW 5:4, mode 3:1, BCD 0. */
  void command(int value, long now) {
    int rw = value >>> 4 & 3;
    if (rw == 0) {
      latch(true, false, now);
      return;
    }
    int frozen = value(now);
    access = rw;
    mode = value >>> 1 & 7;
    if (mode > 5) {
      mode -= 4;
    }
    bcd = (value & 1) != 0;
    stop(frozen, mode != 0);
    highByteNext = false;
    readHighNext = false;
    countLatched = false;
    statusLatched = false;
  }

  /** Latches the count, the status or both; what is latched already stays until it is read. */
  void latch(boolean latchCount, boolean latchStatus, long now) {
    if (latchCount && !countLatched) {
      latchedCount = encode(value(now));
      countLatched = true;
    }
    if (latchStatus && !statusLatched) {
      latchedStatus = status(now);
      statusLatched = true;
    }
  }

  private int status(long now) {
    return (output(now) ? 0x80 : 0)
        | (isNullCount(now) ? 0x40 : 0)
        | access << 4
        | mode << 1
        | (bcd ? 1 : 0);
  }

  /** Whether the count that was last written is not in the counting element yet. */
  private boolean isNullCount(long now) {
    return now < startAt(now) ? idleNull : nextCount != 0 && now < nextFrom;
  }

  /** A byte of a new count. */
  void write(int value, long now) {
    switch (access) {
      case LOW_BYTE -> load(value, now);
      case HIGH_BYTE -> load(value << 8, now);
      default -> {
        if (highByteNext) {
          load(written | value << 8, now);
        } else {
          written = value;
          if (mode == 0) {
            // the first byte stops the count and drives the output low
            stop(value(now), false);
          }
        }
        highByteNext = !highByteNext;
      }
    }
  }

  private void load(int encoded, long now) {
    int n = bcd ? decodeBcd(encoded) : encoded;
    if (n == 0) {
      n = modulus();
    }
    settle(now);
    // a run that begins with the next cycle takes what is written before
    boolean runs = now >= start;
    boolean waits = isTriggeredByGate() ? runs || start == NEVER : isPeriodic() && runs;
    if (waits) {
      nextCount = n;
      // a periodic mode takes it by itself, the others and a stopped one with the next trigger
      nextFrom = isPeriodic() && gate ? endOfCycle(now) : NEVER;
    } else {
      begin(n, now);
      idleNull = true;
    }
  }

  /** End of the present period in mode 2, or half period in mode 3. */
  private long endOfCycle(long now) {
    long at = (now - start) % count;
    long half = high(count);
    return now - at + (mode == 3 && at < half ? half : count);
  }

  /** Cycles of a period of mode 3 in which the output is high. */
  private static int high(int count) {
    return (count + 1) / 2;
  }

  /** No run any more. */
  private void stop(int value, boolean out) {
    idleValue = value;
    idleOut = out;
    idleNull = true;
    start = NEVER;
    nextCount = 0;
    nextFrom = NEVER;
  }

  /** A run begins with the next cycle. */
  private void begin(int n, long now) {
    boolean out = mode != 0 && output(now);
    boolean nullCount = isNullCount(now);
    stop(value(now), out);
    idleNull = nullCount;
    count = n;
    held = 0;
    start = now + 1;
  }

  /** Makes the run that a periodic mode has gone on to by itself the present one. */
  private void settle(long now) {
    if (now >= nextFrom) {
      long from = startAt(now);
      count = nextCount;
      start = from;
      nextCount = 0;
      nextFrom = NEVER;
    }
  }

  private int countAt(long now) {
    return now >= nextFrom ? nextCount : count;
  }

  /** The start of the run, or never. */
  private long startAt(long now) {
    if (now < nextFrom) {
      return start;
    }
    // at the end of the high half of mode 3 the new count begins with its low half
    boolean half = (nextFrom - start) % count != 0;
    return half ? nextFrom - high(nextCount) : nextFrom;
  }

  // ---- gate

  boolean gate() {
    return gate;
  }

  void gate(boolean level, long now) {
    if (level == gate) {
      return;
    }
    settle(now);
    if (level) {
      gateRises(now);
    } else {
      gateFalls(now);
    }
    gate = level;
  }

  private void gateRises(long now) {
    if (isTriggeredByGate() || isPeriodic()) {
      if (nextCount != 0) {
        begin(nextCount, now);
      } else if (start != NEVER) {
        begin(count, now);
      }
    } else if (now >= start) {
      start = now - held;
    }
  }

  private void gateFalls(long now) {
    // a count that waits for the end of a cycle waits for the trigger now
    nextFrom = NEVER;
    if (start != NEVER && !isTriggeredByGate()) {
      held = Math.max(now - start, 0);
      if (mode == 4 && held == count) {
        // the strobe is one cycle long whatever the gate does
        held++;
      }
    }
  }

  /** Cycles since the run began. */
  private long elapsed(long now) {
    return gate || isTriggeredByGate() ? now - startAt(now) : held;
  }

  // ---- reading

  int peek(long now) {
    if (statusLatched) {
      return latchedStatus;
    }
    int value = countLatched ? latchedCount : encode(value(now));
    return switch (access) {
      case LOW_BYTE -> value & 0xFF;
      case HIGH_BYTE -> value >>> 8;
      default -> readHighNext ? value >>> 8 : value & 0xFF;
    };
  }

  int read(long now) {
    int value = peek(now);
    if (statusLatched) {
      statusLatched = false;
      return value;
    }
    if (access == BOTH_BYTES) {
      readHighNext = !readHighNext;
      if (!readHighNext) {
        countLatched = false;
      }
    } else {
      countLatched = false;
    }
    return value;
  }

  /** The counting element, 0 to modulus - 1. */
  private int value(long now) {
    if (now < startAt(now)) {
      return idleValue;
    }
    int c = countAt(now);
    long e = elapsed(now);
    long v =
        switch (mode) {
          case 2 -> c - e % c;
          case 3 -> squareValue(c, e);
          default -> Math.floorMod(c - e, (long) modulus());
        };
    return (int) (v % modulus());
  }

  /** Mode 3 counts down by two, twice a period. */
  private static long squareValue(int count, long e) {
    long at = e % count;
    long into = at < high(count) ? at : at - high(count);
    return (count & ~1L) - 2 * into;
  }

  private int encode(int value) {
    if (!bcd) {
      return value & 0xFFFF;
    }
    return value / 1000 % 10 << 12 | value / 100 % 10 << 8 | value / 10 % 10 << 4 | value % 10;
  }

  private static int decodeBcd(int value) {
    return (value >>> 12) * 1000
        + (value >>> 8 & 15) * 100
        + (value >>> 4 & 15) * 10
        + (value & 15);
  }

  // ---- output

  /** The OUT pin. */
  boolean output(long now) {
    if (isPeriodic() && !gate) {
      return true;
    }
    return now < startAt(now) ? idleOut : level(countAt(now), elapsed(now));
  }

  /** The output so many cycles into a run. */
  private boolean level(int c, long e) {
    return switch (mode) {
      case 0, 1 -> e >= c;
      case 2 -> e % c != c - 1;
      case 3 -> e % c < high(c);
      default -> e != c;
    };
  }

  /** The first cycle after {@code now} at which the output may change, or {@link #NEVER}. */
  long nextChange(long now) {
    long s = startAt(now);
    if (s == NEVER || (!gate && !isTriggeredByGate())) {
      return NEVER;
    }
    int c = countAt(now);
    if (now < s && idleOut != level(c, 0)) {
      return s;
    }
    long e = Math.max(now - s, 0);
    return switch (mode) {
      case 0, 1 -> e < c ? s + c : NEVER;
      case 2 -> nextInPeriod(s, e, c, c - 1);
      case 3 -> nextInPeriod(s, e, c, high(c));
      default -> e < c ? s + c : e == c ? s + c + 1 : NEVER;
    };
  }

  /** Next change in a periodic mode: {@code low} cycles into the period, or at its end. */
  private long nextInPeriod(long s, long e, int c, int low) {
    if (low == 0 || low == c) {
      // a count of 1 leaves no room for two levels
      return s + e < nextFrom ? nextFrom : NEVER;
    }
    long at = e % c;
    return s + e - at + (at < low ? low : c);
  }
}
