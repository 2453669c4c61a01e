package dev.hindsight.assertion;

import java.util.List;

/**
 * What came of the checks of a stretch of a recording.
 *
 * @param checks number of checks that were made
 * @param findings those that did not hold, or could not be made, in order
 * @param notes what the guest said of instants, in order
 * @param last whether the recording ends with it
 */
public record CheckedInterval(long checks, List<Finding> findings, List<Note> notes, boolean last) {
  /** Copies its lists. */
  public CheckedInterval {
    findings = List.copyOf(findings);
    notes = List.copyOf(notes);
  }
}
