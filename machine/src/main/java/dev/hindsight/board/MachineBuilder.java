package dev.hindsight.board;

import dev.hindsight.bus.World;
import dev.hindsight.cpu.CpuModel;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.storage.BlockStore;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says what a machine is to be, step by step. What is not said has the value that is named at the
 * method.
 */
public final class MachineBuilder {
  /** Ticks in a virtual second, unless told otherwise. */
  public static final long TICKS_PER_SECOND = 1_000_000_000;

  private static final int NO_LIMIT = Integer.MAX_VALUE;

  private CpuModel model = CpuModels.V3;
  private int vcpus = 1;
  private long memoryBytes = 64L << 20;
  private long quantum = MachineDescription.DEFAULT_QUANTUM;
  private long ticksPerSecond = TICKS_PER_SECOND;
  private long powerOnTime = 1_767_225_600; // 2026-01-01
  private long seed;
  private final List<Image> images = new ArrayList<>();
  private final List<DiskDescription> disks = new ArrayList<>();
  private final List<BlockStore> diskImages = new ArrayList<>();
  private @Nullable Chipset chipset;
  private @Nullable EngineFactory engine;
  private World world = World.EMPTY;
  private OutputListener outputs = OutputListener.NONE;
  private int tlbCapacity = NO_LIMIT;

  MachineBuilder() {}

  /** All that a description says; images, disks and chipset must be given too, and fit. */
  public MachineBuilder description(MachineDescription description) {
    model =
        CpuModels.ALL.stream()
            .filter(m -> m.name().equals(description.cpuModel()))
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "There is no CPU model named " + description.cpuModel() + "."));
    vcpus = description.vcpus();
    memoryBytes = description.memoryBytes();
    quantum = description.quantum();
    ticksPerSecond = description.ticksPerSecond();
    powerOnTime = description.powerOnTime();
    seed = description.seed();
    return this;
  }

  /** The CPU model; v3 unless told otherwise. */
  public MachineBuilder cpuModel(CpuModel value) {
    model = value;
    return this;
  }

  /** Number of vCPUs; one unless told otherwise. */
  public MachineBuilder vcpus(int count) {
    vcpus = count;
    return this;
  }

  /** Size of RAM in bytes; 64 MiB unless told otherwise. */
  public MachineBuilder memoryBytes(long bytes) {
    memoryBytes = bytes;
    return this;
  }

  /** Ticks that several vCPUs run one after another; 10,000 unless told otherwise. */
  public MachineBuilder quantum(long ticks) {
    quantum = ticks;
    return this;
  }

  /** Ticks in a virtual second; a milliard unless told otherwise. */
  public MachineBuilder ticksPerSecond(long ticks) {
    ticksPerSecond = ticks;
    return this;
  }

  /** What the clocks show at tick 0, in seconds since 1970; 2026-01-01 unless told otherwise. */
  public MachineBuilder powerOnTime(long seconds) {
    powerOnTime = seconds;
    return this;
  }

  /** Where random numbers come from; 0 unless told otherwise. */
  public MachineBuilder seed(long value) {
    seed = value;
    return this;
  }

  /** Adds an image. */
  public MachineBuilder image(Image image) {
    images.add(image);
    return this;
  }

  /**
   * Adds a disk. What the guest writes to it stays in the machine.
   *
   * @param name at most 20 letters and digits; the disk's serial number
   * @param readOnly whether the guest cannot write to it
   * @param image what it holds at power-on, a multiple of 512 bytes
   */
  public MachineBuilder disk(String name, boolean readOnly, BlockStore image) {
    disks.add(new DiskDescription(name, image.bytes(), readOnly));
    diskImages.add(image);
    return this;
  }

  /** The chips; must be given. */
  public MachineBuilder chipset(Chipset value) {
    chipset = value;
    return this;
  }

  /** The engine; must be given. It does not belong to the description: all do the same. */
  public MachineBuilder engine(EngineFactory value) {
    engine = value;
    return this;
  }

  /** Where inputs come from; nowhere unless told otherwise. */
  public MachineBuilder world(World value) {
    world = value;
    return this;
  }

  /** Who hears what the machine sends. */
  public MachineBuilder outputs(OutputListener value) {
    outputs = value;
    return this;
  }

  /** How many entries a TLB may have, at least 1; it cannot be observed but in speed. */
  public MachineBuilder tlbCapacity(int entries) {
    tlbCapacity = entries;
    return this;
  }

  /** A machine at power-on. */
  public Machine build() {
    if (chipset == null || engine == null) {
      throw new IllegalStateException("a machine needs a chipset and an engine");
    }
    MachineDescription description =
        new MachineDescription(
            MachineDescription.BEHAVIOUR_VERSION,
            chipset.name(),
            model.name(),
            vcpus,
            memoryBytes,
            quantum,
            ticksPerSecond,
            powerOnTime,
            seed,
            images.stream().map(Image::description).toList(),
            disks);
    return new Machine(
        new MachineParts(
            description, model, images, diskImages, chipset, engine, world, outputs, tlbCapacity));
  }
}
