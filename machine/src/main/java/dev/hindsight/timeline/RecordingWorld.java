package dev.hindsight.timeline;

import dev.hindsight.bus.Input;
import dev.hindsight.bus.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A world that writes down what another hands over. */
final class RecordingWorld implements World {
  private final World live;
  private final LogWriter log;
  private final List<TimedInput> inputs;
  private long latest;

  /**
   * Writes down what comes of another world.
   *
   * @param past what had come before, and is in the log already
   */
  RecordingWorld(World live, LogWriter log, List<TimedInput> past) {
    this.live = live;
    this.log = log;
    this.inputs = new ArrayList<>(past);
  }

  /** All that has come until now. */
  List<TimedInput> inputs() {
    return inputs;
  }

  /** The tick at which it was asked last. */
  long latest() {
    return latest;
  }

  @Override
  public long nextInput() {
    return live.nextInput();
  }

  @Override
  public @Nullable Input poll(long now) {
    Input input = live.poll(now);
    latest = now;
    if (input != null) {
      inputs.add(new TimedInput(now, input));
      log.input(inputs.getLast());
    }
    return input;
  }

  /** What was noted is written first: the other world may wait for long. */
  @Override
  public long idle(long now, long limit) {
    try {
      log.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return live.idle(now, limit);
  }

  @Override
  public boolean isOver() {
    return live.isOver();
  }
}
