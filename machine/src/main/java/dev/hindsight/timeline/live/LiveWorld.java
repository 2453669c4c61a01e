package dev.hindsight.timeline.live;

import dev.hindsight.bus.Input;
import dev.hindsight.bus.World;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The world of people: other threads send inputs while the machine's own thread runs.
 *
 * <p>An input comes as soon as the machine looks; bytes of a serial line come at the speed of the
 * line. {@link #send}, {@link #type}, {@link #end} and {@link #interrupt} may be called by any
 * thread, the others by the machine's.
 */
public final class LiveWorld implements World {
  private static final long NANOSECONDS = 1_000_000_000;
  private static final long NANOSECONDS_PER_MILLI = 1_000_000;

  /** A busy machine may lead the wall clock by this part of a second. */
  private static final long LEADS_PER_SECOND = 100;

  /** Bytes a second on a serial line of 115,200 baud. */
  private static final long BYTES_PER_SECOND = 11_520;

  private final Pace pace;
  private final long ticksPerSecond;
  private final Object lock = new Object();
  private final ArrayDeque<Input> sent = new ArrayDeque<>();
  private final List<SerialFeeder> feeders = new ArrayList<>();
  private volatile boolean pending;
  private volatile boolean ended;
  private boolean interrupted;

  private boolean started;
  private long startNanos;
  private long startTick;

  /**
   * A world in which nothing has happened yet.
   *
   * @param ticksPerSecond ticks in a virtual second
   */
  public LiveWorld(Pace pace, long ticksPerSecond) {
    this.pace = pace;
    this.ticksPerSecond = ticksPerSecond;
  }

  // ---- for other threads

  /** Sends an input. */
  public void send(Input input) {
    synchronized (lock) {
      sent.add(input);
      wake();
    }
  }

  /** Types bytes to a serial line; they come one after another at 115,200 baud. */
  public void type(String device, byte[] bytes) {
    synchronized (lock) {
      feeder(device).add(bytes);
      wake();
    }
  }

  /** Says that no input will be sent any more. */
  public void end() {
    synchronized (lock) {
      ended = true;
      lock.notifyAll();
    }
  }

  /** Has a machine that waits in {@link #idle} go on, so that its owner can look around. */
  public void interrupt() {
    synchronized (lock) {
      interrupted = true;
      lock.notifyAll();
    }
  }

  private void wake() {
    pending = true;
    lock.notifyAll();
  }

  private SerialFeeder feeder(String device) {
    for (SerialFeeder f : feeders) {
      if (f.device().equals(device)) {
        return f;
      }
    }
    SerialFeeder added = new SerialFeeder(device, ticksPerSecond / BYTES_PER_SECOND);
    feeders.add(added);
    return added;
  }

  // ---- for the machine

  @Override
  public long nextInput() {
    if (!pending) {
      return NEVER;
    }
    synchronized (lock) {
      return next();
    }
  }

  private long next() {
    if (!sent.isEmpty()) {
      return 0;
    }
    long next = NEVER;
    for (SerialFeeder f : feeders) {
      next = Math.min(next, f.next());
    }
    return next;
  }

  @Override
  public @Nullable Input poll(long now) {
    if (pace == Pace.REALTIME) {
      holdBack(now);
    }
    if (!pending) {
      return null;
    }
    synchronized (lock) {
      Input input = sent.poll();
      for (int i = 0; input == null && i < feeders.size(); i++) {
        input = feeders.get(i).poll(now);
      }
      pending = next() != NEVER;
      return input;
    }
  }

  @Override
  public long idle(long now, long limit) {
    if (pace == Pace.NONE && limit != NEVER) {
      return Math.min(limit, Math.max(now + 1, nextInput()));
    }
    synchronized (lock) {
      while (true) {
        long end = Math.min(limit, next());
        long present = pace == Pace.NONE ? (end == NEVER ? now : end) : wallTick(now);
        if (interrupted || present >= end || (end == NEVER && ended)) {
          interrupted = false;
          return Math.min(limit, Math.max(now + 1, present));
        }
        await(end == NEVER ? NEVER : end - present);
      }
    }
  }

  /** A machine that has much to do must not lead the wall clock either. */
  private void holdBack(long now) {
    long lead = now - wallTick(now);
    if (lead > ticksPerSecond / LEADS_PER_SECOND) {
      synchronized (lock) {
        if (!interrupted) {
          await(lead);
        }
      }
    }
  }

  /** Waits for so many ticks, or to be woken; who calls looks again at what there is. */
  @SuppressWarnings("WaitNotInLoop")
  private void await(long ticks) {
    try {
      if (ticks == NEVER) {
        lock.wait();
      } else {
        long nanos = Math.max(1, (long) ((double) ticks / ticksPerSecond * NANOSECONDS));
        lock.wait(nanos / NANOSECONDS_PER_MILLI, (int) (nanos % NANOSECONDS_PER_MILLI));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      interrupted = true;
    }
  }

  /** The tick at which the machine would be if it had kept pace since it first looked. */
  private long wallTick(long now) {
    long nanos = System.nanoTime();
    if (!started) {
      started = true;
      startNanos = nanos;
      startTick = now;
    }
    return startTick + (long) ((nanos - startNanos) / (double) NANOSECONDS * ticksPerSecond);
  }

  @Override
  public boolean isOver() {
    return ended && !pending;
  }
}
