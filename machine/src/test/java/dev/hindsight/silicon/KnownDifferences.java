package dev.hindsight.silicon;

import java.util.List;

/**
 * The list of differences between processors that the manuals allow (differences.txt): at most
 * {@value #LIMIT}, each citing them.
 */
final class KnownDifferences {
  /** How long the list may be. */
  static final int LIMIT = 20;

  private static final KnownDifferences STANDARD = new KnownDifferences();

  private KnownDifferences() {}

  static KnownDifferences standard() {
    return STANDARD;
  }

  /** Whether the list explains a difference. */
  boolean covers(GeneratedCase c, Outcome host, Outcome ours, List<String> differences) {
    return false;
  }
}
