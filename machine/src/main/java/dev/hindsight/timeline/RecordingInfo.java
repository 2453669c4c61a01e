package dev.hindsight.timeline;

import dev.hindsight.board.MachineDescription;
import dev.hindsight.board.Outcome;
import dev.hindsight.storage.WitnessedBlocks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What can be said of a recording without replaying it.
 *
 * @param machine the machine
 * @param ticks its length: the last tick that something is known of
 * @param instructions steps that all vCPUs executed; empty if it was cut short
 * @param inputs how many inputs there are of each kind, by the name of the kind: "SerialByte"
 * @param logBytes bytes of its log
 * @param outcome how the run ended; empty if it was cut short
 * @param damage what is wrong with the rest of the log, in one sentence; empty if nothing is
 * @param disks what was read of each disk
 */
public record RecordingInfo(
    MachineDescription machine,
    long ticks,
    OptionalLong instructions,
    SortedMap<String, Integer> inputs,
    long logBytes,
    Optional<Outcome> outcome,
    Optional<String> damage,
    List<DiskReads> disks) {

  /** Copies the collections. */
  public RecordingInfo {
    inputs = Collections.unmodifiableSortedMap(new TreeMap<>(inputs));
    disks = List.copyOf(disks);
  }

  /**
   * What was read of a disk's image.
   *
   * @param disk name of the disk
   * @param blocks blocks of {@link WitnessedBlocks#BLOCK_BYTES} bytes that were read
   * @param of blocks that it has
   */
  public record DiskReads(String disk, long blocks, long of) {}

  /** Looks at a recording. */
  public static RecordingInfo of(Recording recording) {
    SortedMap<String, Integer> inputs = new TreeMap<>();
    for (TimedInput timed : recording.inputs()) {
      inputs.merge(timed.input().getClass().getSimpleName(), 1, Integer::sum);
    }
    MachineDescription machine = recording.description();
    List<DiskReads> disks = new ArrayList<>();
    for (int i = 0; i < machine.disks().size(); i++) {
      disks.add(
          new DiskReads(
              machine.disks().get(i).name(),
              recording.blocks().get(i).count(),
              Math.ceilDiv(machine.disks().get(i).bytes(), WitnessedBlocks.BLOCK_BYTES)));
    }
    Optional<Seal> seal = recording.seal();
    return new RecordingInfo(
        machine,
        recording.lastTick(),
        seal.isPresent() ? OptionalLong.of(seal.get().steps()) : OptionalLong.empty(),
        inputs,
        recording.logBytes(),
        seal.map(Seal::outcome),
        recording.damage(),
        disks);
  }

  /** Its length in virtual seconds. */
  public double seconds() {
    return (double) ticks / machine.ticksPerSecond();
  }

  /** Whether the run was recorded to its end. */
  public boolean isSealed() {
    return outcome.isPresent();
  }
}
