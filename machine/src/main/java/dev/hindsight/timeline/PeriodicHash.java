package dev.hindsight.timeline;

import dev.hindsight.board.StateDigest;
import dev.hindsight.bus.state.StateHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The hash of a machine's state at an instant as a log holds it: a number for all of it, and of two
 * groups of parts a byte each, which tell roughly where a difference is.
 *
 * @param tick the instant: before the inputs of this tick
 * @param total {@link StateDigest#total}
 * @param processors the lowest byte of a hash of the vCPUs
 * @param devices the lowest byte of a hash of the board and its chips
 */
public record PeriodicHash(long tick, long total, byte processors, byte devices) {
  /** The vCPUs. */
  public static final String PROCESSORS = "processors";

  /** The board and its chips. */
  public static final String DEVICES = "devices";

  /** RAM, and what was written to disks. */
  public static final String MEMORY_AND_DISKS = "memory or disks";

  private static final Pattern PROCESSOR = Pattern.compile("cpu\\d+");

  /** Of a whole digest. */
  public static PeriodicHash of(StateDigest digest) {
    StateHash processors = new StateHash();
    StateHash devices = new StateHash();
    for (StateDigest.Entry part : digest.parts()) {
      if (part.name().equals(StateDigest.MEMORY)) {
        break;
      }
      (PROCESSOR.matcher(part.name()).matches() ? processors : devices)
          .add(part.name().getBytes(StandardCharsets.UTF_8))
          .add(part.hash());
    }
    return new PeriodicHash(
        digest.tick(), digest.total(), (byte) processors.value(), (byte) devices.value());
  }

  /**
   * Names of the groups in which the state differs from that of another hash of the same tick: none
   * if it does not. One group in 256 that differs is not noticed beside another.
   */
  public List<String> differingGroups(PeriodicHash other) {
    List<String> groups = new ArrayList<>();
    if (processors != other.processors) {
      groups.add(PROCESSORS);
    }
    if (devices != other.devices) {
      groups.add(DEVICES);
    }
    if (groups.isEmpty() && total != other.total) {
      groups.add(MEMORY_AND_DISKS);
    }
    return List.copyOf(groups);
  }
}
