package dev.hindsight.device.rtc;

import dev.hindsight.bus.DeadlineQueue;
import dev.hindsight.bus.Device;
import dev.hindsight.bus.InterruptLine;
import dev.hindsight.bus.IoRegion;
import dev.hindsight.bus.VirtualClock;

/**
 * An MC146818A with 128 bytes of CMOS memory, and a second bank of as many.
 *
 * <p>Registers: 0 selects a byte (bit 7, the NMI mask of a PC, is kept and has no effect), 1 is
 * that byte; 2 and 3 are the same for the second bank, which is memory only.
 *
 * <p>Time is a function of the tick: of the time at power-on, and of what was written since. It is
 * shown in the registers only when somebody looks. While it stands still (SET, or the divider held
 * in reset) the registers are memory; when it goes on, what they then hold is the time, and fields
 * outside their ranges carry over into the next one. An update of the registers takes no time: UIP
 * is set during the 244 µs before it. The square-wave output leads nowhere, and daylight saving
 * (DSE) is kept and has no effect, as in Intel's chipsets. Of the divider's settings, all but reset
 * are that for a 32.768 kHz crystal. The century is at 32h, and its years are Gregorian.
 *
 * <p>Flags of register C are set whether or not their interrupts are enabled; deadlines exist only
 * for those that are. Time, memory and the registers A and D are kept by a battery, so {@link
 * #reset} does not touch them.
 */
public final class Mc146818 implements Device<Mc146818.State>, IoRegion {
  /** Number of registers; the first two do without the others. */
  public static final int LENGTH = 4;

  private static final int SECONDS = 0;
  private static final int SECONDS_ALARM = 1;
  private static final int MINUTES = 2;
  private static final int MINUTES_ALARM = 3;
  private static final int HOURS = 4;
  private static final int HOURS_ALARM = 5;
  private static final int WEEKDAY = 6;
  private static final int DAY = 7;
  private static final int MONTH = 8;
  private static final int YEAR = 9;
  private static final int A = 10;
  private static final int B = 11;
  private static final int C = 12;
  private static final int D = 13;
  private static final int CENTURY = 0x32;
  private static final int[] TIME = {SECONDS, MINUTES, HOURS, WEEKDAY, DAY, MONTH, YEAR, CENTURY};

  private static final int UIP = 0x80;
  private static final int DIVIDER_RESET = 0x60;
  private static final int RATE = 15;

  private static final int SET = 0x80;
  private static final int SQUARE_WAVE = 1 << 3;
  static final int DATA_MODE = 1 << 2;
  static final int HOURS_24 = 1 << 1;

  private static final int PERIODIC = 0x40;
  private static final int ALARM = 0x20;
  private static final int UPDATE = 0x10;
  private static final int SOURCES = PERIODIC | ALARM | UPDATE;
  private static final int IRQF = 0x80;

  private static final int VALID = 0x80;

  /** Cycles of the crystal before an update in which UIP is set: 244 µs. */
  private static final int UIP_CYCLES = 8;

  private static final int A_DEFAULT = 0x26;

  private static final int NEXT_FLAG = 0;

  private final String name;
  private final VirtualClock clock;
  private final DeadlineQueue deadlines;
  private final InterruptLine irq;
  private final Divider divider;

  private int index;
  private int index2;
  private final byte[] cmos = new byte[CmosContents.LENGTH];
  private final byte[] bank2 = new byte[CmosContents.LENGTH];
  private long second;
  private long secondBegan;
  private int weekdayShift;
  private int flags;
  private long since;

  /**
   * A clock, set to 24 hours and BCD, with all interrupts off.
   *
   * @param irq the interrupt output, high while there is a request
   * @param powerOnTime what it shows at tick 0, in seconds since 1970-01-01 UTC
   * @param contents the CMOS memory at power-on, {@link CmosContents#LENGTH} bytes, of which the
   *     first 14 and the century do not count
   */
  public Mc146818(
      String name,
      VirtualClock clock,
      DeadlineQueue deadlines,
      InterruptLine irq,
      long powerOnTime,
      byte[] contents) {
    if (contents.length != cmos.length) {
      throw new IllegalArgumentException("CMOS memory has " + cmos.length + " bytes");
    }
    this.name = name;
    this.clock = clock;
    this.deadlines = deadlines;
    this.irq = irq;
    divider = new Divider(clock.ticksPerSecond());
    System.arraycopy(contents, D + 1, cmos, D + 1, cmos.length - D - 1);
    cmos[A] = A_DEFAULT;
    cmos[B] = HOURS_24;
    second = powerOnTime;
  }

  /**
   * The whole state.
   *
   * @param index what was written to register 0
   * @param index2 the same for the second bank
   * @param cmos memory, with registers A and B, and the time while it stands still
   * @param second the time in seconds since 1970 at {@code secondBegan}
   * @param secondBegan a tick at which a second began, or will
   * @param weekdayShift days by which the day of the week is ahead of the calendar's, 0 to 6
   * @param flags of register C, as far as they came up to {@code since}
   * @param since the tick up to which {@code flags} are known
   */
  public record State(
      int index,
      int index2,
      byte[] cmos,
      byte[] bank2,
      long second,
      long secondBegan,
      int weekdayShift,
      int flags,
      long since) {}

  @Override
  public String name() {
    return name;
  }

  @Override
  public Class<State> stateType() {
    return State.class;
  }

  @Override
  public void reset() {
    settle(clock.now());
    flags = 0;
    cmos[B] &= (byte) ~(SOURCES | SQUARE_WAVE);
    index = 0;
    index2 = 0;
    update();
  }

  @Override
  public State save() {
    return new State(
        index,
        index2,
        cmos.clone(),
        bank2.clone(),
        second,
        secondBegan,
        weekdayShift,
        flags,
        since);
  }

  @Override
  public void load(State state) {
    index = state.index();
    index2 = state.index2();
    System.arraycopy(state.cmos(), 0, cmos, 0, cmos.length);
    System.arraycopy(state.bank2(), 0, bank2, 0, bank2.length);
    second = state.second();
    secondBegan = state.secondBegan();
    weekdayShift = state.weekdayShift();
    flags = state.flags();
    since = state.since();
    drive();
  }

  // ---- time

  private boolean isDividerReset() {
    return (cmos[A] & DIVIDER_RESET) == DIVIDER_RESET;
  }

  /** Whether the time stands still and the registers are memory. */
  private boolean isFrozen() {
    return (cmos[B] & SET) != 0 || isDividerReset();
  }

  /** The present, which for a second vCPU may lie before what was seen already. */
  private long now() {
    return Math.max(clock.now(), since);
  }

  /** Seconds since 1970 at a tick. */
  private long secondAt(long tick) {
    return second + Math.floorDiv(tick - secondBegan, clock.ticksPerSecond());
  }

  /** What the registers of the time show at a tick; the bytes of others are 0. */
  private byte[] timeRegisters(long tick) {
    byte[] shown = new byte[CmosContents.LENGTH];
    if (isFrozen()) {
      for (int r : TIME) {
        shown[r] = cmos[r];
      }
      return shown;
    }
    long seconds = secondAt(tick);
    CivilTime t = CivilTime.of(seconds);
    TimeFormat format = TimeFormat.of(cmos[B]);
    shown[SECONDS] = (byte) format.encode(t.second());
    shown[MINUTES] = (byte) format.encode(t.minute());
    shown[HOURS] = (byte) format.encodeHour(t.hour());
    shown[WEEKDAY] =
        (byte) (Math.floorMod(CivilTime.weekday(seconds) + (long) weekdayShift, 7) + 1);
    shown[DAY] = (byte) format.encode(t.day());
    shown[MONTH] = (byte) format.encode(t.month());
    shown[YEAR] = (byte) format.encode(t.year() % 100);
    shown[CENTURY] = (byte) format.encode(t.year() / 100);
    return shown;
  }

  /** What the registers hold is the time at a tick. */
  private void setTime(byte[] registers, long tick) {
    TimeFormat format = TimeFormat.of(cmos[B]);
    CivilTime t =
        new CivilTime(
            format.decode(registers[CENTURY] & 0xFF) * 100 + format.decode(registers[YEAR] & 0xFF),
            format.decode(registers[MONTH] & 0xFF),
            format.decode(registers[DAY] & 0xFF),
            format.decodeHour(registers[HOURS] & 0xFF),
            format.decode(registers[MINUTES] & 0xFF),
            format.decode(registers[SECONDS] & 0xFF));
    // the divider goes on as it was
    long elapsed = Math.floorDiv(tick - secondBegan, clock.ticksPerSecond());
    secondBegan += elapsed * clock.ticksPerSecond();
    second = t.toSeconds();
    weekdayShift = Math.floorMod((registers[WEEKDAY] & 0xFF) - 1 - CivilTime.weekday(second), 7);
  }

  private boolean isUpdateNear(long tick) {
    long cycle = Math.floorMod(divider.cycles(tick - secondBegan), Divider.HZ);
    return !isFrozen() && cycle >= Divider.HZ - UIP_CYCLES;
  }

  // ---- registers

  @Override
  public long read(long offset, int bytes) {
    long value = peek(offset, bytes);
    if ((offset & 3) == 1 && (index & 0x7F) == C) {
      settle(clock.now());
      flags = 0;
      update();
    }
    return value;
  }

  @Override
  public long peek(long offset, int bytes) {
    return switch ((int) offset & 3) {
      case 0 -> index & 0xFF;
      case 1 -> peekByte(index & 0x7F);
      case 2 -> index2 & 0xFF;
      default -> bank2[index2 & 0x7F] & 0xFF;
    };
  }

  private int peekByte(int at) {
    return switch (at) {
      case SECONDS, MINUTES, HOURS, WEEKDAY, DAY, MONTH, YEAR, CENTURY ->
          timeRegisters(now())[at] & 0xFF;
      case A -> cmos[A] & 0x7F | (isUpdateNear(now()) ? UIP : 0);
      case C -> {
        int f = flagsAt(now());
        yield f | ((f & cmos[B] & SOURCES) != 0 ? IRQF : 0);
      }
      case D -> VALID;
      default -> cmos[at] & 0xFF;
    };
  }

  @Override
  public void write(long offset, int bytes, long value) {
    switch ((int) offset & 3) {
      case 0 -> index = (int) value & 0xFF;
      case 1 -> writeByte(index & 0x7F, (byte) value);
      case 2 -> index2 = (int) value & 0xFF;
      default -> bank2[index2 & 0x7F] = (byte) value;
    }
  }

  private void writeByte(int at, byte value) {
    settle(clock.now());
    switch (at) {
      case SECONDS, MINUTES, HOURS, WEEKDAY, DAY, MONTH, YEAR, CENTURY -> writeTime(at, value);
      case A -> writeControl((byte) (value & 0x7F), cmos[B]);
      case B -> writeControl(cmos[A], value);
      case C, D -> {
        // read-only
      }
      default -> cmos[at] = value;
    }
    update();
  }

  private void writeTime(int at, byte value) {
    if (isFrozen()) {
      cmos[at] = value;
      return;
    }
    byte[] registers = timeRegisters(since);
    registers[at] = value;
    setTime(registers, since);
  }

  /** Whatever A and B become, the time registers hold what they held. */
  private void writeControl(byte a, byte b) {
    byte[] registers = timeRegisters(since);
    boolean dividerWasReset = isDividerReset();
    boolean setBefore = (cmos[B] & SET) != 0;
    boolean reinterpreted = ((cmos[B] ^ b) & (DATA_MODE | HOURS_24)) != 0;
    boolean wasFrozen = isFrozen();
    cmos[A] = a;
    cmos[B] = b;
    if ((b & SET) != 0 && !setBefore) {
      cmos[B] &= (byte) ~UPDATE;
    }
    if (dividerWasReset && !isDividerReset()) {
      // the first update comes half a second after the divider starts
      secondBegan = since - clock.ticksPerSecond() / 2;
    }
    if (isFrozen()) {
      for (int r : TIME) {
        cmos[r] = registers[r];
      }
    } else if (wasFrozen || reinterpreted) {
      setTime(registers, since);
    }
  }

  // ---- interrupts

  /** The flags of register C, without IRQF, at a tick not before {@code since}. */
  private int flagsAt(long tick) {
    int now = flags & SOURCES;
    if (tick <= since) {
      return now;
    }
    int rate = cmos[A] & RATE;
    if (rate != 0 && !isDividerReset() && periods(tick, rate) > periods(since, rate)) {
      now |= PERIODIC;
    }
    if (!isFrozen() && secondAt(tick) > secondAt(since)) {
      now |= UPDATE;
      int wait = untilAlarm();
      if (wait > 0 && secondAt(tick) >= secondAt(since) + wait) {
        now |= ALARM;
      }
    }
    return now;
  }

  private long periods(long tick, int rate) {
    return Math.floorDiv(divider.cycles(tick - secondBegan), Divider.period(rate));
  }

  /** Seconds from the one at {@code since} to the next that matches the alarm, or -1. */
  private int untilAlarm() {
    return TimeFormat.of(cmos[B])
        .untilAlarm(
            Math.floorMod(secondAt(since), CivilTime.SECONDS_A_DAY),
            cmos[HOURS_ALARM] & 0xFF,
            cmos[MINUTES_ALARM] & 0xFF,
            cmos[SECONDS_ALARM] & 0xFF);
  }

  private void settle(long tick) {
    if (tick > since) {
      flags = flagsAt(tick);
      since = tick;
    }
  }

  @Override
  public void deadline(int kind, long tick) {
    settle(tick);
    update();
  }

  /** Drives the line; the deadline is when the next enabled flag comes that is not set yet. */
  private void update() {
    drive();
    long next = nextFlag(cmos[B] & SOURCES & ~flags);
    if (next == Long.MAX_VALUE) {
      deadlines.cancel(NEXT_FLAG);
    } else {
      deadlines.schedule(NEXT_FLAG, next);
    }
  }

  private void drive() {
    irq.set((flags & cmos[B] & SOURCES) != 0);
  }

  /** The first tick after {@code since} at which one of some flags comes, or the greatest long. */
  private long nextFlag(int wanted) {
    long next = Long.MAX_VALUE;
    int rate = cmos[A] & RATE;
    if ((wanted & PERIODIC) != 0 && rate != 0 && !isDividerReset()) {
      long cycles = (periods(since, rate) + 1) * Divider.period(rate);
      next = secondBegan + divider.ticks(cycles);
    }
    if (!isFrozen()) {
      if ((wanted & UPDATE) != 0) {
        next = Math.min(next, beginOf(secondAt(since) + 1));
      }
      int wait = (wanted & ALARM) != 0 ? untilAlarm() : -1;
      if (wait > 0) {
        next = Math.min(next, beginOf(secondAt(since) + wait));
      }
    }
    return next;
  }

  private long beginOf(long wanted) {
    return secondBegan + (wanted - second) * clock.ticksPerSecond();
  }
}
