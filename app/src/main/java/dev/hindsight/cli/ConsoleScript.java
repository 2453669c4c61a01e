package dev.hindsight.cli;

import dev.hindsight.board.PcChipset;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.World;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A world in which somebody sits at the serial console: waits for a text, then types another, one
 * key every few milliseconds of virtual time.
 */
final class ConsoleScript implements World {
  private static final long TICKS_PER_KEY = 3_000_000;
  private static final long TICKS_TO_THINK = 20_000_000;

  /** Wait for a text, then type a line. */
  record Step(String await, String type) {}

  private final List<Step> steps;
  private final StringBuilder seen = new StringBuilder();
  private int step;
  private byte[] keys = new byte[0];
  private int key;
  private long nextKey = NEVER;

  ConsoleScript(List<Step> steps) {
    this.steps = steps;
  }

  /** What the demonstration types to the built-in guest. */
  static ConsoleScript forBuiltinGuest() {
    return new ConsoleScript(
        List.of(
            new Step("> ", "help\r"),
            new Step("> ", "tasks\r"),
            new Step("> ", "uptime\r"),
            new Step("> ", "wait\r")));
  }

  /** The console printed a byte. */
  void output(int value, long tick) {
    seen.append((char) value);
    if (step < steps.size() && nextKey == NEVER && endsWith(steps.get(step).await())) {
      keys = steps.get(step).type().getBytes(StandardCharsets.US_ASCII);
      key = 0;
      nextKey = tick + TICKS_TO_THINK;
      step++;
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
    Input input = new Input.SerialByte(PcChipset.SERIAL, keys[key] & 0xFF);
    key++;
    if (key < keys.length) {
      nextKey = now + TICKS_PER_KEY;
    } else {
      nextKey = NEVER;
      seen.setLength(0);
    }
    return input;
  }

  @Override
  public long idle(long now, long limit) {
    return Math.min(limit, nextKey);
  }

  @Override
  public boolean isOver() {
    return step == steps.size() && nextKey == NEVER;
  }
}
