package dev.hindsight.timeline.live;

import dev.hindsight.board.OutputListener;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.World;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A world in which somebody sits at a serial console: waits for a text, then types another, one key
 * every few milliseconds of virtual time. It depends on nothing but what the machine prints, so
 * that two runs with one script are the same.
 *
 * <p>It is a {@link World} and the {@link OutputListener} that must hear the same machine.
 */
public final class ConsoleScript implements World, OutputListener {
  private static final long KEYS_PER_SECOND = 333;
  private static final long THOUGHTS_PER_SECOND = 50;

  /** Length at which what the console printed is cut down to what still matters. */
  private static final int MOST_SEEN = 1 << 16;

  /**
   * Wait for a text, then type another.
   *
   * @param await what the console must print after the last keys were typed; if empty, the keys
   *     come at once
   * @param type what is typed then
   */
  public record Step(String await, String type) {}

  private final String device;
  private final long ticksPerKey;
  private final long ticksToThink;
  private final List<Step> steps;
  private final StringBuilder seen = new StringBuilder();
  private int step;
  private byte[] keys = new byte[0];
  private int key;
  private long nextKey = NEVER;

  /**
   * A script at its beginning.
   *
   * @param device the serial port of the console, as inputs and outputs name it
   * @param ticksPerSecond ticks in a virtual second
   */
  public ConsoleScript(String device, long ticksPerSecond, List<Step> steps) {
    this.device = device;
    this.ticksPerKey = ticksPerSecond / KEYS_PER_SECOND;
    this.ticksToThink = ticksPerSecond / THOUGHTS_PER_SECOND;
    this.steps = List.copyOf(steps);
    advance(0);
  }

  @Override
  public void output(String from, int value, long tick) {
    if (!from.equals(device) || nextKey != NEVER || step == steps.size()) {
      return;
    }
    seen.append((char) value);
    if (seen.length() > MOST_SEEN) {
      seen.delete(0, seen.length() - steps.get(step).await.length());
    }
    advance(tick);
  }

  /** Begins to type if what the step waits for is there. */
  private void advance(long tick) {
    if (step < steps.size() && endsWith(steps.get(step).await)) {
      keys = steps.get(step).type.getBytes(StandardCharsets.ISO_8859_1);
      key = 0;
      step++;
      seen.setLength(0);
      nextKey = keys.length == 0 ? NEVER : tick + ticksToThink;
    }
  }

  private boolean endsWith(String text) {
    int from = seen.length() - text.length();
    return from >= 0 && seen.indexOf(text, from) == from;
  }

  @Override
  public long nextInput() {
    return nextKey;
  }

  @Override
  public @Nullable Input poll(long now) {
    if (now < nextKey) {
      return null;
    }
    Input input = new Input.SerialByte(device, keys[key] & 0xFF);
    key++;
    if (key < keys.length) {
      nextKey = now + ticksPerKey;
    } else {
      nextKey = NEVER;
      seen.setLength(0);
      advance(now);
    }
    return input;
  }

  @Override
  public long idle(long now, long limit) {
    return Math.min(limit, Math.max(now + 1, nextKey));
  }

  /** Steps that were not come to: the text of the first one never came, or not yet. */
  public List<Step> rest() {
    return steps.subList(step, steps.size());
  }

  @Override
  public boolean isOver() {
    return nextKey == NEVER;
  }
}
