package dev.hindsight.timeline;

import dev.hindsight.board.Outcome;
import java.io.IOException;

/** A name of an instant of a recording; {@link Timeline} says what the two kinds mean. */
public sealed interface Instant {
  /**
   * Has a timeline go there.
   *
   * @return as {@link Timeline#seek} does
   * @throws IOException as {@link Timeline#seek} does
   */
  Outcome seek(Timeline timeline) throws IOException;

  /**
   * The instant before anything happens at a tick.
   *
   * @param tick the tick
   */
  record Tick(long tick) implements Instant {
    @Override
    public Outcome seek(Timeline timeline) throws IOException {
      return timeline.seek(tick);
    }

    @Override
    public String toString() {
      return "tick " + tick;
    }
  }

  /**
   * The instant after which the next step follows.
   *
   * @param steps steps that all vCPUs executed since power-on
   */
  record Step(long steps) implements Instant {
    @Override
    public Outcome seek(Timeline timeline) throws IOException {
      return timeline.seekStep(steps);
    }

    @Override
    public String toString() {
      return "step " + steps;
    }
  }
}
