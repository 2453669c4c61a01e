package dev.hindsight.device.pit;

/**
 * One of the three counters. Times are cycles of its clock input.
 *
 * <p>{@code start} is the cycle at which the count began; with the gate low, in modes that stop
 * then, {@code held} is how far it had come.
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
  private boolean counting;
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

  /** The whole state. */
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
      boolean counting,
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
        counting,
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
    counting = s.counting;
    gate = s.gate;
    highByteNext = s.highByteNext;
    readHighNext = s.readHighNext;
    countLatched = s.countLatched;
    latchedCount = s.latchedCount;
    statusLatched = s.statusLatched;
    latchedStatus = s.latchedStatus;
  }

  void reset() {
    load(
        new State(
            0,
            false,
            BOTH_BYTES,
            0,
            0x10000,
            0,
            NEVER,
            0,
            0,
            false,
            true,
            false,
            false,
            false,
            0,
            false,
            0));
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
    access = rw;
    mode = value >>> 1 & 7;
    if (mode > 5) {
      mode -= 4;
    }
    bcd = (value & 1) != 0;
    counting = false;
    nextFrom = NEVER;
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
    boolean nullCount = !counting || nextFrom != NEVER;
    return (output(now) ? 0x80 : 0)
        | (nullCount ? 0x40 : 0)
        | access << 4
        | mode << 1
        | (bcd ? 1 : 0);
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
            counting = false;
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
    if (counting && isPeriodic()) {
      // the new count is taken when the present period ends
      nextCount = n;
      nextFrom = start + (Math.max(elapsed(now), 0) / count + 1) * count;
      return;
    }
    count = n;
    held = 0;
    if (isTriggeredByGate()) {
      // counting begins with the next rising edge of the gate
      if (!counting) {
        start = NEVER;
      }
      counting = true;
      return;
    }
    counting = true;
    start = now + 1;
  }

  /** Takes a count that was written during an earlier period. */
  private void settle(long now) {
    if (nextFrom != NEVER && now >= nextFrom) {
      count = nextCount;
      start = nextFrom;
      nextFrom = NEVER;
    }
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
    if (!level && !isTriggeredByGate() && counting) {
      held = Math.max(elapsed(now), 0);
    }
    gate = level;
    if (level && counting) {
      if (isTriggeredByGate() || isPeriodic()) {
        start = now + 1;
        held = 0;
      } else {
        start = now - held;
      }
    }
  }

  /** Cycles since counting began; negative before, and if a trigger is still awaited. */
  private long elapsed(long now) {
    if (start == NEVER) {
      return -1;
    }
    return gate || isTriggeredByGate() ? now - start : held;
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
    settle(now);
    if (!counting) {
      return count % modulus();
    }
    long e = Math.max(elapsed(now), 0);
    long v =
        switch (mode) {
          case 2 -> count - e % count;
          case 3 -> squareValue(e);
          default -> Math.floorMod(count - e, (long) modulus());
        };
    return (int) (v % modulus());
  }

  /** Mode 3 counts down by two, twice a period. */
  private long squareValue(long e) {
    long at = e % count;
    long high = (count + 1) / 2;
    long even = count & ~1L;
    long into = at < high ? at : at - high;
    return Math.max(even - 2 * into, 0);
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
    settle(now);
    if (!counting) {
      return mode != 0;
    }
    long e = elapsed(now);
    return switch (mode) {
      case 0 -> e >= count;
      case 1 -> start == NEVER || e < 0 || e >= count;
      case 2 -> !gate || e < 0 || e % count != count - 1;
      case 3 -> !gate || e < 0 || e % count < (count + 1) / 2;
      default -> start == NEVER || e != count;
    };
  }

  /** The first cycle after {@code now} at which the output changes, or {@link #NEVER}. */
  long nextChange(long now) {
    settle(now);
    if (!counting || start == NEVER || (!gate && !isTriggeredByGate())) {
      return NEVER;
    }
    long e = elapsed(now);
    return switch (mode) {
      case 0 -> e < count ? start + count : NEVER;
      case 1 -> e < 0 ? start : e < count ? start + count : NEVER;
      case 2 -> next(e, count - 1L);
      case 3 -> next(e, (count + 1L) / 2);
      default -> e < count ? start + count : e == count ? start + count + 1 : NEVER;
    };
  }

  /** Next change in a periodic mode: at {@code low} cycles into the period, or at its end. */
  private long next(long e, long low) {
    if (low == 0 || low == count) {
      // a count of 1 leaves no room for two levels
      return nextFrom;
    }
    if (e < 0) {
      return start + low;
    }
    long at = e % count;
    long begin = start + e - at;
    return at < low ? begin + low : begin + count;
  }
}
