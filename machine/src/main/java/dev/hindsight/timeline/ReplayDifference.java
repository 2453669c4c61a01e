package dev.hindsight.timeline;

import java.util.List;

/** A replay that is not what was recorded. The message says in a sentence where they differ. */
public final class ReplayDifference extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final long tick;
  private final transient List<String> parts;

  /**
   * A difference.
   *
   * @param message what differs, in one sentence
   * @param tick when it was noticed
   * @param parts names of the parts ("cpu0", "memory") or groups of parts ({@link PeriodicHash})
   *     that differ; empty if that is not the point
   */
  public ReplayDifference(String message, long tick, List<String> parts) {
    super(message);
    this.tick = tick;
    this.parts = List.copyOf(parts);
  }

  /** When it was noticed. */
  public long tick() {
    return tick;
  }

  /** Names of the parts or groups of parts that differ. */
  public List<String> parts() {
    return parts;
  }
}
