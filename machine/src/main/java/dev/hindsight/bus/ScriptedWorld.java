package dev.hindsight.bus;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A world whose inputs are known from the start: for tests, demonstrations and batch runs. */
public final class ScriptedWorld implements World {
  private final List<Entry> script;
  private int next;

  /**
   * An input and when it is to come.
   *
   * @param tick the earliest tick; it comes when the machine next asks
   * @param input what comes
   */
  public record Entry(long tick, Input input) {}

  /** A world with a script in ascending order of ticks. */
  public ScriptedWorld(List<Entry> script) {
    this.script = List.copyOf(script);
    for (int i = 1; i < script.size(); i++) {
      if (script.get(i).tick < script.get(i - 1).tick) {
        throw new IllegalArgumentException("a script is in the order of its ticks");
      }
    }
  }

  @Override
  public long nextInput() {
    return next < script.size() ? script.get(next).tick : NEVER;
  }

  @Override
  public @Nullable Input poll(long now) {
    return nextInput() <= now && next < script.size() ? script.get(next++).input : null;
  }

  @Override
  public long idle(long now, long limit) {
    return limit;
  }

  @Override
  public boolean isOver() {
    return next == script.size();
  }
}
