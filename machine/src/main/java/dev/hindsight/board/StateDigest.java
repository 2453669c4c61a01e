package dev.hindsight.board;

import dev.hindsight.bus.state.StateHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The hash of all state of a machine, part by part. Two machines whose digests are equal are in the
 * same state.
 *
 * @param tick when it was taken
 * @param parts the parts in a fixed order: board, vCPUs, devices, memory, disks
 */
public record StateDigest(long tick, List<Entry> parts) {
  /** Name of the part that stands for all of RAM. */
  public static final String MEMORY = "memory";

  /** Copies the list. */
  public StateDigest {
    parts = List.copyOf(parts);
  }

  /**
   * The hash of one part.
   *
   * @param name name of the part
   * @param hash its hash
   */
  public record Entry(String name, long hash) {}

  /** One number for all. */
  public long total() {
    StateHash hash = new StateHash().add(tick);
    for (Entry e : parts) {
      hash.add(e.name.getBytes(StandardCharsets.UTF_8)).add(e.hash);
    }
    return hash.value();
  }

  /** Names of the parts that differ from those of another digest. */
  public List<String> differingParts(StateDigest other) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < Math.max(parts.size(), other.parts.size()); i++) {
      if (i >= parts.size()) {
        names.add(other.parts.get(i).name);
      } else if (i >= other.parts.size() || !parts.get(i).equals(other.parts.get(i))) {
        names.add(parts.get(i).name);
      }
    }
    return List.copyOf(names);
  }

  @Override
  public String toString() {
    return "%016x at tick %d".formatted(total(), tick);
  }
}
