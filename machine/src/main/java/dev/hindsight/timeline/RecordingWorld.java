package dev.hindsight.timeline;

import dev.hindsight.bus.Input;
import dev.hindsight.bus.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** A world that writes down what another hands over. */
final class RecordingWorld implements World {
  private final World live;
  private final LogWriter log;

  RecordingWorld(World live, LogWriter log) {
    this.live = live;
    this.log = log;
  }

  @Override
  public long nextInput() {
    return live.nextInput();
  }

  @Override
  public @Nullable Input poll(long now) {
    Input input = live.poll(now);
    if (input != null) {
      log.input(new TimedInput(now, input));
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
