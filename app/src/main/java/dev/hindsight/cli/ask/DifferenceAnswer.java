package dev.hindsight.cli.ask;

import dev.hindsight.timeline.RunDifference;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Tells somebody whether two runs differ, and how. One answer is given, once. */
interface DifferenceAnswer {
  /**
   * What is compared.
   *
   * @param recording where its recording is
   * @param settings how it is run
   */
  record Run(Path recording, RunSettings settings) {}

  /**
   * Where two replays were seen not to be what was recorded, in sentences.
   *
   * @param first of the first run
   * @param second of the second run
   */
  record Disagreements(Optional<String> first, Optional<String> second) {
    boolean isEmpty() {
      return first.isEmpty() && second.isEmpty();
    }
  }

  /**
   * Says what is compared.
   *
   * @param descriptions fields of the machines' descriptions that differ
   */
  void runs(Run first, Run second, List<String> descriptions);

  /** The runs do not differ up to an instant, where the shorter one ends. */
  void equal(Disagreements disagreements, long tick, long steps);

  /** The runs differ; both machines stand before the difference. */
  void different(Disagreements disagreements, RunDifference difference);
}
