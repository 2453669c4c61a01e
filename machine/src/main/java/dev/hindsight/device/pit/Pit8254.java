package dev.hindsight.device.pit;

import dev.hindsight.bus.DeadlineQueue;
import dev.hindsight.bus.Device;
import dev.hindsight.bus.InterruptLine;
import dev.hindsight.bus.IoRegion;
import dev.hindsight.bus.VirtualClock;
import java.util.List;

/**
 * An 8254 with its inputs clocked at 1.193182 MHz, as in a PC.
 *
 * <p>Counters are functions of the present tick: nothing happens while nobody looks. Only changes
 * of OUT0, which is an interrupt line, are deadlines.
 */
public final class Pit8254 implements Device<Pit8254.State>, IoRegion {
  /** Number of registers. */
  public static final int LENGTH = 4;

  private static final int OUT0_CHANGES = 0;
  private static final int READ_BACK = 3;

  private final String name;
  private final PitClock clock;
  private final VirtualClock time;
  private final DeadlineQueue deadlines;
  private final InterruptLine out0;
  private boolean driven;
  private final List<Counter> counters = List.of(new Counter(), new Counter(), new Counter());

  /**
   * A timer.
   *
   * @param out0 what the output of counter 0 drives
   */
  public Pit8254(String name, VirtualClock time, DeadlineQueue deadlines, InterruptLine out0) {
    this.name = name;
    this.time = time;
    this.deadlines = deadlines;
    this.out0 = out0;
    this.clock = new PitClock(time.ticksPerSecond());
  }

  /**
   * The three counters, and the level that the line was last driven to: at the tick of a change the
   * line still has the old one until the deadline has come.
   */
  public record State(
      Counter.State counter0, Counter.State counter1, Counter.State counter2, boolean driven) {}

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
    for (Counter c : counters) {
      c.reset();
    }
    deadlines.cancel(OUT0_CHANGES);
    drive(false);
  }

  @Override
  public State save() {
    return new State(
        counters.get(0).save(), counters.get(1).save(), counters.get(2).save(), driven);
  }

  @Override
  public void load(State state) {
    counters.get(0).load(state.counter0());
    counters.get(1).load(state.counter1());
    counters.get(2).load(state.counter2());
    drive(state.driven());
  }

  private void drive(boolean level) {
    driven = level;
    out0.set(level);
  }

  private long now() {
    return clock.at(time.now());
  }

  /** The output of a counter, 0 to 2, at present. */
  public boolean output(int counter) {
    return counters.get(counter).output(now());
  }

  /** Drives the gate of a counter, 0 to 2. After reset all gates are high. */
  public void gate(int counter, boolean level) {
    counters.get(counter).gate(level, now());
    update();
  }

  /** The gate of a counter. */
  public boolean gate(int counter) {
    return counters.get(counter).gate();
  }

  /** Changes are made up for one by one if the deadline is late, so that no pulse is lost. */
  @Override
  public void deadline(int kind, long tick) {
    update(clock.at(tick));
  }

  private void update() {
    update(now());
  }

  private void update(long now) {
    Counter c = counters.get(0);
    drive(c.output(now));
    long next = c.nextChange(now);
    if (next == Counter.NEVER) {
      deadlines.cancel(OUT0_CHANGES);
    } else {
      deadlines.schedule(OUT0_CHANGES, clock.tickOf(next));
    }
  }

  @Override
  public long read(long offset, int bytes) {
    int n = (int) offset & 3;
    return n == READ_BACK ? 0xFF : counters.get(n).read(now());
  }

  @Override
  public long peek(long offset, int bytes) {
    int n = (int) offset & 3;
    return n == READ_BACK ? 0xFF : counters.get(n).peek(now());
  }

  @Override
  public void write(long offset, int bytes, long written) {
    int n = (int) offset & 3;
    int value = (int) written & 0xFF;
    if (n < READ_BACK) {
      counters.get(n).write(value, now());
    } else if (value >>> 6 == READ_BACK) {
      readBack(value);
    } else {
      counters.get(value >>> 6).command(value & 0x3F, now());
    }
    update();
  }

  private void readBack(int value) {
    for (int n = 0; n < 3; n++) {
      if ((value & 2 << n) != 0) {
        // both bits are active low
        counters.get(n).latch((value & 0x20) == 0, (value & 0x10) == 0, now());
      }
    }
  }
}
