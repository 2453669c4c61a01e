package dev.hindsight.board;

import dev.hindsight.bus.state.Schema;
import dev.hindsight.cpu.CpuModel;
import dev.hindsight.cpu.CpuModels;
import java.util.List;

/**
 * All that a machine is before it runs. Together with the inputs it determines every register and
 * every byte at every instant, so a recording begins with it.
 *
 * @param behaviourVersion version of what machines do: see {@link #BEHAVIOUR_VERSION}
 * @param chipset name of the {@link Chipset}: which chips there are and where they sit
 * @param cpuModel name of the CPU model: "i686", "v2" or "v3"
 * @param vcpus number of vCPUs, 1 to 64
 * @param memoryBytes size of RAM in bytes, a multiple of 4096, below 2^40
 * @param quantum ticks that several vCPUs run one after another, 1 to 2^40
 * @param ticksPerSecond ticks in a virtual second, 1 to 2^40
 * @param powerOnTime what the clocks of the machine show at tick 0, in seconds since 1970-01-01
 *     UTC; before the year 10000
 * @param seed where the random numbers of the machine come from
 * @param images what is in ROM and memory at power-on
 * @param disks its disks, in the order in which the chipset connects them
 */
@Schema(version = 2)
public record MachineDescription(
    int behaviourVersion,
    String chipset,
    String cpuModel,
    int vcpus,
    long memoryBytes,
    long quantum,
    long ticksPerSecond,
    long powerOnTime,
    long seed,
    List<ImageDescription> images,
    List<DiskDescription> disks) {
  /**
   * The version of this release. It is raised when the same description and inputs no longer give
   * the same states, and a recording of another version cannot be replayed.
   */
  public static final int BEHAVIOUR_VERSION = 2;

  /** Ticks that several vCPUs run one after another, unless told otherwise. */
  public static final long DEFAULT_QUANTUM = 10_000;

  private static final int MOST_VCPUS = 64;
  private static final int MOST_DISKS = 16;
  private static final int PAGE = 4096;

  /** A tick and such a number can be added, and the clocks of chips do not overflow. */
  private static final long LARGEST = 1L << 40;

  private static final long LARGEST_DISK = 1L << 46;
  private static final long YEAR_10000 = 253_402_300_800L;

  /** Checks that such a machine can exist. */
  public MachineDescription {
    images = List.copyOf(images);
    disks = List.copyOf(disks);
    check(vcpus >= 1 && vcpus <= MOST_VCPUS, "a machine has 1 to 64 vCPUs");
    check(memoryBytes >= PAGE && memoryBytes % PAGE == 0, "memory is a multiple of 4096 bytes");
    check(memoryBytes < LARGEST, "a machine has less than 1 TiB of memory");
    check(quantum >= 1 && quantum <= LARGEST, "a quantum is 1 to 2^40 ticks");
    check(ticksPerSecond >= 1 && ticksPerSecond <= LARGEST, "a second has 1 to 2^40 ticks");
    check(
        powerOnTime >= 0 && powerOnTime < YEAR_10000,
        "a machine is switched on between the years 1970 and 9999");
    check(disks.stream().allMatch(d -> d.bytes() <= LARGEST_DISK), "a disk has at most 64 TiB");
    check(disks.size() <= MOST_DISKS, "a machine has at most 16 disks");
    check(
        disks.stream().map(DiskDescription::name).distinct().count() == disks.size(),
        "each disk has a name of its own");
  }

  /** The CPU model. */
  public CpuModel model() {
    return CpuModels.byName(cpuModel);
  }

  private static void check(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
