package dev.hindsight.bus;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of all devices of a machine, in the order in which they come: by tick, then by
 * device, then by kind.
 *
 * <p>A machine has a dozen of them, so they are kept in a sorted list. They are data and are saved
 * with the machine.
 */
public final class Deadlines {
  /** The tick of a deadline that never comes. */
  public static final long NEVER = Long.MAX_VALUE;

  private final List<Deadline> pending = new ArrayList<>();
  private final Runnable whenEarlier;

  /**
   * No deadlines.
   *
   * @param whenEarlier called when the earliest deadline moved to an earlier tick
   */
  public Deadlines(Runnable whenEarlier) {
    this.whenEarlier = whenEarlier;
  }

  /**
   * A deadline.
   *
   * @param device number of the device in the machine, from 0
   * @param kind what the device calls it, from 0
   * @param tick when it comes
   */
  public record Deadline(int device, int kind, long tick) implements Comparable<Deadline> {
    @Override
    public int compareTo(Deadline other) {
      int order = Long.compare(tick, other.tick);
      if (order == 0) {
        order = Integer.compare(device, other.device);
      }
      return order == 0 ? Integer.compare(kind, other.kind) : order;
    }
  }

  /**
   * All deadlines.
   *
   * @param pending in the order in which they come
   */
  public record State(List<Deadline> pending) {}

  /** The deadlines of one device. */
  public DeadlineQueue of(int device) {
    return new DeadlineQueue() {
      @Override
      public void schedule(int kind, long tick) {
        Deadlines.this.schedule(new Deadline(device, kind, tick));
      }

      @Override
      public void cancel(int kind) {
        remove(device, kind);
      }
    };
  }

  /** The tick of the first deadline, or {@link #NEVER}. */
  public long earliest() {
    return pending.isEmpty() ? NEVER : pending.getFirst().tick;
  }

  /** Takes the first deadline out if it has come by a tick; else null. */
  public @Nullable Deadline poll(long now) {
    return earliest() <= now && !pending.isEmpty() ? pending.removeFirst() : null;
  }

  /** Puts back what {@link #poll} gave, because its device could not act yet. */
  public void putBack(Deadline deadline) {
    schedule(deadline);
  }

  /** What is pending, to be saved. */
  public State save() {
    return new State(List.copyOf(pending));
  }

  /** Becomes what {@link #save} had returned. */
  public void load(State state) {
    pending.clear();
    pending.addAll(state.pending);
  }

  private void schedule(Deadline deadline) {
    long before = earliest();
    remove(deadline.device, deadline.kind);
    int at = 0;
    while (at < pending.size() && pending.get(at).compareTo(deadline) < 0) {
      at++;
    }
    pending.add(at, deadline);
    if (deadline.tick < before) {
      whenEarlier.run();
    }
  }

  private void remove(int device, int kind) {
    pending.removeIf(d -> d.device == device && d.kind == kind);
  }
}
