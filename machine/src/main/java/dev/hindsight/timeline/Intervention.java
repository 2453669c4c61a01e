package dev.hindsight.timeline;

import dev.hindsight.board.Machine;
import java.util.List;

/**
 * Changes that somebody outside made to a machine between two steps.
 *
 * <p>Its instant is the one at which inputs and deadlines of the tick are done and the next step
 * would follow; with several vCPUs it may be in the middle of a quantum.
 *
 * @param tick the last tick at which all vCPUs were at one, at least 0
 * @param steps steps that all vCPUs had executed, at least 0
 * @param edits the changes in their order, one at least
 */
public record Intervention(long tick, long steps, List<Edit> edits) {
  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if it is empty
   */
  public Intervention {
    edits = List.copyOf(edits);
    if (edits.isEmpty()) {
      throw new IllegalArgumentException("An intervention changes something.");
    }
  }

  /** Makes the changes, at its instant. */
  void apply(Machine machine) {
    edits.forEach(e -> e.apply(machine));
  }
}
