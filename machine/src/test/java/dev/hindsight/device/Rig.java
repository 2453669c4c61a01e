package dev.hindsight.device;

import dev.hindsight.bus.ByteSink;
import dev.hindsight.bus.DeadlineQueue;
import dev.hindsight.bus.Deadlines;
import dev.hindsight.bus.Device;
import dev.hindsight.bus.InterruptLine;
import dev.hindsight.bus.SystemControl;
import dev.hindsight.bus.VirtualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What stands around one device in a test: a clock that is set by hand, deadlines, and lines. */
public final class Rig implements VirtualClock {
  private static final long NANOSECONDS = 1_000_000_000;

  private final Deadlines deadlines = new Deadlines(() -> {});
  private final Map<String, Boolean> lines = new TreeMap<>();
  private final List<String> events = new ArrayList<>();
  private long now;

  @Override
  public long now() {
    return now;
  }

  @Override
  public long ticksPerSecond() {
    return NANOSECONDS;
  }

  /** The device's deadlines. */
  public DeadlineQueue deadlines() {
    return deadlines.of(0);
  }

  /** All deadlines as data. */
  public Deadlines.State pending() {
    return deadlines.save();
  }

  /** A line that remembers its level. */
  public InterruptLine line(String name) {
    return level -> lines.put(name, level);
  }

  /** The level of a line; false if nobody has driven it. */
  public boolean level(String name) {
    return lines.getOrDefault(name, false);
  }

  /** All lines that were driven. */
  public Map<String, Boolean> lines() {
    return lines;
  }

  /** Remembers that something happened. */
  public void event(String what) {
    events.add(what);
  }

  /** What has happened since the last call. */
  public List<String> takeEvents() {
    List<String> taken = List.copyOf(events);
    events.clear();
    return taken;
  }

  /** Bytes that leave, as events. */
  public ByteSink sink() {
    return value -> event("sent " + value);
  }

  /** A board that remembers what it was asked for, as events. */
  public SystemControl system() {
    return new SystemControl() {
      @Override
      public void powerOff() {
        event("power off");
      }

      @Override
      public void exit(int code) {
        event("exit " + code);
      }

      @Override
      public void reset() {
        event("reset");
      }

      @Override
      public void a20(boolean open) {
        event("A20 " + open);
      }
    };
  }

  /** Sets time and deadlines as they were somewhere else. */
  public void load(long tick, Deadlines.State state) {
    now = tick;
    deadlines.load(state);
  }

  /** Lets time pass, as {@link #advance(Device, long, int)} without a limit that matters. */
  public void advance(Device<?> device, long ticks) {
    advance(device, ticks, Integer.MAX_VALUE);
  }

  /**
   * Lets time pass and delivers the deadlines that come.
   *
   * @param most after so many deadlines time stops, at the last one's tick
   * @throws IllegalStateException if a deadline sets one of its kind that is not later
   */
  public void advance(Device<?> device, long ticks, int most) {
    long end = now + ticks;
    for (int n = 0; n < most; n++) {
      Deadlines.Deadline due = deadlines.poll(end);
      if (due == null) {
        now = end;
        return;
      }
      now = Math.max(now, due.tick());
      device.deadline(due.kind(), due.tick());
      for (Deadlines.Deadline d : deadlines.save().pending()) {
        if (d.kind() == due.kind() && d.tick() <= due.tick()) {
          throw new IllegalStateException(d + " does not come after " + due);
        }
      }
    }
  }
}
