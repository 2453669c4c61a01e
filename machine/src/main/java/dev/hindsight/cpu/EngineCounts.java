package dev.hindsight.cpu;

import java.util.List;

/**
 * What an engine has done, in numbers. They belong to the host: nothing of the machine depends on
 * them.
 *
 * @param executed steps that it executed
 * @param fallback those among them that it left to the interpreter; 0 for the interpreter itself
 * @param groups what else it counts
 */
public record EngineCounts(long executed, long fallback, List<Group> groups) {
  /** Of an engine that counts nothing. */
  public static final EngineCounts NONE = new EngineCounts(0, 0, List.of());

  /**
   * Counts that belong together.
   *
   * @param name what they count
   */
  public record Group(String name, List<Count> counts) {
    /** Keeps a copy. */
    public Group {
      counts = List.copyOf(counts);
    }
  }

  /** How often something happened. */
  public record Count(String name, long times) {}

  /** Keeps a copy. */
  public EngineCounts {
    groups = List.copyOf(groups);
  }
}
