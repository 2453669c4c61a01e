package dev.hindsight.device.hpet;

import dev.hindsight.bus.DeadlineQueue;
import dev.hindsight.bus.Deadlines;
import dev.hindsight.bus.Device;
import dev.hindsight.bus.InterruptLine;
import dev.hindsight.bus.IoRegion;
import dev.hindsight.bus.VirtualClock;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A block of three high-precision event timers at 100 MHz, with a main counter and comparators of
 * 64 bits, all of them periodic if they are told so.
 *
 * <p>The main counter is a function of the present tick while it is enabled. It can be written only
 * while it is halted. Matches are deadlines, of the timer's number as their kind.
 *
 * <p>An edge is a short pulse on a pin of the I/O APIC. On the two lines of legacy replacement it
 * is a rise, and the line rests high until the next one, as that of the 8254 does: an 8259 loses a
 * request whose line has gone before it was acknowledged. Messages (FSB) come before all lines.
 *
 * <p>In legacy replacement the timers 0 and 1 drive IRQ 0 and IRQ 8, and the 8254 and the RTC do
 * not. Therefore these two chips drive {@link #pit()} and {@link #rtc()} here instead of the
 * interrupt controllers, and this passes them on otherwise. As always, whoever is driven is to be
 * put into the machine before those that drive it: interrupt controllers, then this, then the 8254
 * and the RTC.
 *
 * <p>Registers take accesses of 32 and 64 bits that are naturally aligned; narrower and other
 * writes are ignored.
 */
public final class Hpet implements Device<Hpet.State>, IoRegion {
  /** Bytes of address space. */
  public static final int LENGTH = 1024;

  /** The first pin of the I/O APIC to which a timer can be routed. */
  public static final int FIRST_PIN = 16;

  /** The last pin of the I/O APIC to which a timer can be routed. */
  public static final int LAST_PIN = 23;

  /** A bit for each pin to which a timer can be routed. */
  static final int PIN_MASK = 0x00FF_0000;

  private static final int TIMERS = 3;

  private static final int CAPABILITIES = 0x000;
  private static final int CONFIGURATION = 0x010;
  private static final int STATUS = 0x020;
  private static final int COUNTER = 0x0F0;
  private static final int FIRST_TIMER = 0x100;
  private static final int TIMER_LENGTH = 0x20;
  private static final int TIMER_CONFIGURATION = 0x00;
  private static final int TIMER_COMPARATOR = 0x08;
  private static final int TIMER_FSB_ROUTE = 0x10;

  private static final int REVISION = 1;
  private static final int COUNTER_64 = 1 << 13;
  private static final int LEGACY_CAPABLE = 1 << 15;
  private static final long VENDOR = 0x8086;
  private static final long CAPABILITIES_VALUE =
      HpetClock.PERIOD << 32
          | VENDOR << 16
          | LEGACY_CAPABLE
          | COUNTER_64
          | TIMERS - 1 << 8
          | REVISION;

  private static final int ENABLE = 1;
  private static final int LEGACY = 2;

  private final String name;
  private final VirtualClock time;
  private final HpetClock clock;
  private final DeadlineQueue deadlines;
  private final HpetOutputs outputs;
  private final List<InterruptLine> pins;
  private final List<HpetTimer> timers = List.of(new HpetTimer(), new HpetTimer(), new HpetTimer());
  private int configuration;
  private int status;
  private long counter;
  private boolean pit;
  private boolean rtc;

  /** An HPET after power-on: the counter is halted at 0. */
  public Hpet(String name, VirtualClock time, DeadlineQueue deadlines, HpetOutputs outputs) {
    this.name = name;
    this.time = time;
    this.clock = new HpetClock(time.ticksPerSecond());
    this.deadlines = deadlines;
    this.outputs = outputs;
    this.pins = IntStream.rangeClosed(FIRST_PIN, LAST_PIN).mapToObj(outputs.ioApicPin()).toList();
  }

  /**
   * The whole state.
   *
   * @param configuration general configuration
   * @param status general interrupt status
   * @param counter the main counter while it is halted; while it runs, its value at cycle 0
   * @param pit level of the 8254's output
   * @param rtc level of the RTC's output
   */
  public record State(
      int configuration,
      int status,
      long counter,
      HpetTimer.State timer0,
      HpetTimer.State timer1,
      HpetTimer.State timer2,
      boolean pit,
      boolean rtc) {}

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
    configuration = 0;
    status = 0;
    counter = 0;
    for (int n = 0; n < TIMERS; n++) {
      timers.get(n).reset();
      deadlines.cancel(n);
    }
    drive();
  }

  @Override
  public State save() {
    return new State(
        configuration,
        status,
        counter,
        timers.get(0).save(),
        timers.get(1).save(),
        timers.get(2).save(),
        pit,
        rtc);
  }

  @Override
  public void load(State state) {
    configuration = state.configuration();
    status = state.status();
    counter = state.counter();
    timers.get(0).load(state.timer0());
    timers.get(1).load(state.timer1());
    timers.get(2).load(state.timer2());
    pit = state.pit();
    rtc = state.rtc();
    drive();
  }

  // ---- lines

  /** What the output of the 8254's counter 0 is to drive. */
  public InterruptLine pit() {
    return level -> {
      pit = level;
      if (!legacyReplacement()) {
        outputs.irq0().set(level);
      }
    };
  }

  /** What the interrupt output of the RTC is to drive: active high, as the 8259 wants it. */
  public InterruptLine rtc() {
    return level -> {
      rtc = level;
      if (!legacyReplacement()) {
        outputs.irq8().set(level);
      }
    };
  }

  /** Whether the timers 0 and 1 have taken over the lines of the 8254 and the RTC. */
  public boolean legacyReplacement() {
    return isRunning() && (configuration & LEGACY) != 0;
  }

  private boolean isLegacy(int n) {
    return n < 2 && legacyReplacement();
  }

  /** Whether a timer's line is high; but for legacy replacement, edges leave no trace. */
  private boolean isHigh(int n) {
    HpetTimer t = timers.get(n);
    boolean requests = t.isLevelTriggered() ? (status >>> n & 1) != 0 : t.isHeld() && isLegacy(n);
    return requests && isRunning() && t.isInterruptEnabled() && !t.isFsb();
  }

  private void drive() {
    boolean legacy = legacyReplacement();
    outputs.irq0().set(legacy ? isHigh(0) : pit);
    outputs.irq8().set(legacy ? isHigh(1) : rtc);
    int high = 0;
    for (int n = 0; n < TIMERS; n++) {
      if (!isLegacy(n) && isHigh(n)) {
        high |= 1 << timers.get(n).route();
      }
    }
    for (int pin = FIRST_PIN; pin <= LAST_PIN; pin++) {
      pins.get(pin - FIRST_PIN).set((high >>> pin & 1) != 0);
    }
  }

  private void edge(int n) {
    HpetTimer t = timers.get(n);
    if (isLegacy(n)) {
      t.held(false);
      drive();
      t.held(true);
    } else if (t.route() != 0) {
      pins.get(t.route() - FIRST_PIN).set(true);
    }
    drive();
  }

  // ---- counting

  private boolean isRunning() {
    return (configuration & ENABLE) != 0;
  }

  /** The main counter at a cycle. */
  private long counter(long cycle) {
    return isRunning() ? counter + cycle : counter;
  }

  private long now() {
    return clock.at(time.now());
  }

  /**
   * Sets the deadline of the match that comes next.
   *
   * @param cycle the cycle from which on it is looked for
   * @param after the deadline has to be later than this tick
   */
  private void arm(int n, long cycle, long after) {
    long distance = timers.get(n).untilMatch(counter(cycle));
    long tick = distance < 0 ? Deadlines.NEVER : clock.tickOf(cycle + distance);
    if (!isRunning() || tick == Deadlines.NEVER) {
      deadlines.cancel(n);
    } else {
      deadlines.schedule(n, Math.max(tick, after + 1));
    }
  }

  private void armAll() {
    for (int n = 0; n < TIMERS; n++) {
      arm(n, now(), time.now());
    }
  }

  @Override
  public void deadline(int kind, long tick) {
    HpetTimer t = timers.get(kind);
    long cycle = clock.at(tick);
    // a tick may be longer than a cycle
    long match = cycle - t.sinceMatch(counter(cycle));
    t.matched();
    arm(kind, match, tick);
    if (t.isLevelTriggered()) {
      status |= 1 << kind;
    }
    if (!t.isInterruptEnabled()) {
      return;
    }
    if (t.isFsb()) {
      outputs.messages().send(t.fsbRoute() >>> 32, (int) t.fsbRoute());
    } else if (t.isLevelTriggered()) {
      drive();
    } else {
      edge(kind);
    }
  }

  // ---- registers

  @Override
  public long read(long offset, int bytes) {
    return peek(offset, bytes);
  }

  @Override
  public long peek(long offset, int bytes) {
    int at = (int) offset;
    return register(at & ~7) >>> 8 * (at & 7) & -1L >>> 64 - 8 * bytes;
  }

  private long register(int at) {
    if (isOfTimer(at)) {
      HpetTimer t = timers.get((at - FIRST_TIMER) / TIMER_LENGTH);
      return switch (at % TIMER_LENGTH) {
        case TIMER_CONFIGURATION -> t.configuration();
        case TIMER_COMPARATOR -> t.comparator();
        case TIMER_FSB_ROUTE -> t.fsbRoute();
        default -> 0;
      };
    }
    return switch (at) {
      case CAPABILITIES -> CAPABILITIES_VALUE;
      case CONFIGURATION -> configuration;
      case STATUS -> status;
      case COUNTER -> counter(now());
      default -> 0;
    };
  }

  private static boolean isOfTimer(int at) {
    return at >= FIRST_TIMER && at < FIRST_TIMER + TIMERS * TIMER_LENGTH;
  }

  @Override
  public void write(long offset, int bytes, long written) {
    if (bytes < 4 || (offset & bytes - 1) != 0) {
      return;
    }
    int at = (int) offset & ~7;
    int shift = 8 * ((int) offset & 7);
    long mask = (-1L >>> 64 - 8 * bytes) << shift;
    long value = written << shift & mask;
    if (isOfTimer(at)) {
      timer((at - FIRST_TIMER) / TIMER_LENGTH, at % TIMER_LENGTH, value, mask);
      return;
    }
    switch (at) {
      case CONFIGURATION -> configuration((int) (configuration & ~mask | value));
      case STATUS -> {
        status &= (int) ~value;
        drive();
      }
      case COUNTER -> {
        if (!isRunning()) {
          counter = counter & ~mask | value;
        }
      }
      default -> {
        // read-only or reserved
      }
    }
  }

  private void configuration(int value) {
    long present = counter(now());
    configuration = value & (ENABLE | LEGACY);
    counter = isRunning() ? present - now() : present;
    for (int n = 0; n < TIMERS; n++) {
      dropHeld(n);
    }
    armAll();
    drive();
  }

  private void timer(int n, int register, long value, long mask) {
    HpetTimer t = timers.get(n);
    switch (register) {
      case TIMER_CONFIGURATION -> {
        t.configuration(t.configuration() & ~mask | value);
        if (!t.isLevelTriggered()) {
          status &= ~(1 << n);
        }
        dropHeld(n);
        drive();
      }
      case TIMER_COMPARATOR -> t.comparator(value, mask);
      case TIMER_FSB_ROUTE -> t.fsbRoute(t.fsbRoute() & ~mask | value);
      default -> {
        // reserved
      }
    }
    arm(n, now(), time.now());
  }

  /** A line that rests high goes low as soon as its timer cannot make edges on it any more. */
  private void dropHeld(int n) {
    HpetTimer t = timers.get(n);
    t.held(
        t.isHeld() && isLegacy(n) && t.isInterruptEnabled() && !t.isLevelTriggered() && !t.isFsb());
  }
}
