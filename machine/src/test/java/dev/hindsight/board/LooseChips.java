package dev.hindsight.board;

import dev.hindsight.bus.ApicBus;
import dev.hindsight.bus.ApicMessage;
import dev.hindsight.bus.BackDoor;
import dev.hindsight.bus.ByteSink;
import dev.hindsight.bus.CpuPins;
import dev.hindsight.bus.DeadlineQueue;
import dev.hindsight.bus.Deadlines;
import dev.hindsight.bus.Device;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.InputReceiver;
import dev.hindsight.bus.InterruptSource;
import dev.hindsight.bus.MsrBus;
import dev.hindsight.bus.PerformanceInterrupt;
import dev.hindsight.bus.PhysicalMap;
import dev.hindsight.bus.PortMap;
import dev.hindsight.bus.SystemControl;
import dev.hindsight.bus.VirtualClock;
import dev.hindsight.memory.GuestRam;
import dev.hindsight.memory.RamSnapshot;
import dev.hindsight.storage.ByteStore;
import dev.hindsight.storage.Disk;
import java.util.ArrayList;
import java.util.List;

/**
 * All chips of a chipset, wired to each other, with a little RAM, a ROM behind it, and a disk, but
 * without CPUs.
 */
final class LooseChips implements Sockets, VirtualClock, AutoCloseable {
  /** RAM from address 0. */
  static final int RAM_BYTES = 1 << 16;

  /** A ROM follows it. */
  static final int ROM_BYTES = 1 << 12;

  /** Where the first base address registers of PCI devices can be placed. */
  static final long BARS = 0xE000_0000L;

  /** From those of one PCI device to those of the next. */
  static final long BAR_SPACING = 0x1_0000;

  private static final int SECOND_BAR = 0x8000;
  private static final int NOTIFY = 0x300;
  private static final int NOTIFY_MULTIPLIER = 4;
  private static final int MOST_DEADLINES_AT_ONCE = 64;
  private static final int ADDRESS = 0xCF8;
  private static final int DATA = 0xCFC;
  private static final long NANOSECONDS = 1_000_000_000;
  private static final int DISK_BYTES = 1 << 16;
  private static final ByteStore IMAGE = ByteStore.random(DISK_BYTES, 1);

  private final MachineDescription description;
  private final PortMap ports = new PortMap();
  private final PhysicalMap memory = new PhysicalMap();
  private final Deadlines deadlines = new Deadlines(() -> {});
  private final List<Device<?>> devices = new ArrayList<>();
  private final List<Part<?>> parts = new ArrayList<>();
  private final List<ApicBus.Receiver> apics = new ArrayList<>();
  private final GuestRam ram = new GuestRam(RAM_BYTES);
  private final GuestRam rom = new GuestRam(ROM_BYTES);
  private final DiskDrive drive;
  private final List<String> outside = new ArrayList<>();
  private final InterruptSource[] sources;
  private final boolean[] intr;
  private MsrBus msrs = MsrBus.EMPTY;
  private int accessingCpu;
  private long now;

  LooseChips(Chipset chipset, int vcpus) {
    description =
        new MachineDescription(
            MachineDescription.BEHAVIOUR_VERSION,
            chipset.name(),
            "v2",
            vcpus,
            RAM_BYTES,
            MachineDescription.DEFAULT_QUANTUM,
            NANOSECONDS,
            0,
            0,
            List.of(),
            List.of(new DiskDescription("disk0", DISK_BYTES, false)));
    drive = new DiskDrive(0, description.disks().getFirst(), IMAGE, null);
    memory.mapRam(0, ram, 0, RAM_BYTES);
    memory.mapRom(RAM_BYTES, rom, 0, ROM_BYTES);
    sources = new InterruptSource[vcpus];
    intr = new boolean[vcpus];
    chipset.install(this);
    devices.forEach(Device::reset);
    devices.forEach(d -> parts.add(Part.of(d)));
  }

  // ---- what a CPU and the board would do

  void accessingCpu(int cpu) {
    accessingCpu = cpu;
  }

  MsrBus msrs() {
    return msrs;
  }

  InterruptSource source(int cpu) {
    return sources[cpu];
  }

  /** The level of a CPU's INTR pin. */
  boolean intr(int cpu) {
    return intr[cpu];
  }

  /** Lets time pass and delivers deadlines, but no more than so many; says how many there were. */
  int advance(long ticks, int most) {
    long end = now + ticks;
    int atOnce = 0;
    for (int n = 0; n < most; n++) {
      Deadlines.Deadline due = deadlines.poll(end);
      if (due == null) {
        now = end;
        return n;
      }
      atOnce = due.tick() > now ? 1 : atOnce + 1;
      DeviceFuzz.check(atOnce <= MOST_DEADLINES_AT_ONCE, "a tick has few deadlines");
      now = Math.max(now, due.tick());
      devices.get(due.device()).deadline(due.kind(), due.tick());
    }
    return most;
  }

  void input(int device, Input input) {
    List<InputReceiver> receivers =
        devices.stream()
            .filter(InputReceiver.class::isInstance)
            .map(InputReceiver.class::cast)
            .toList();
    receivers.get(device % receivers.size()).input(input);
  }

  /** Writes a register in the configuration space of a device on PCI bus 0. */
  void configure(int device, int offset, int value) {
    ports.write(ADDRESS, 4, 1 << 31 | device << 11 | offset);
    ports.write(DATA, 4, value);
  }

  /** Places the registers of a device where {@link #BARS} says, and lets it use memory. */
  void placeBars(int device) {
    long first = BARS + BAR_SPACING * device;
    configure(device, 0x10, (int) first);
    configure(device, 0x14, (int) first + SECOND_BAR);
    configure(device, 0x04, 6);
  }

  /** Notifies a queue of a virtio device. */
  void notifyQueue(int device, int queue) {
    memory.write(BARS + BAR_SPACING * device + NOTIFY + NOTIFY_MULTIPLIER * queue, 2, queue);
  }

  /** Hashes of the states of all chips, and their deadlines. */
  List<Object> states() {
    List<Object> all = new ArrayList<>();
    parts.forEach(p -> all.add(p.name() + ' ' + p.save().hash()));
    all.add(deadlines.save());
    return all;
  }

  /** What the chips have asked of the outside since this was last asked: signals, bytes. */
  List<String> outside() {
    List<String> all = List.copyOf(outside);
    outside.clear();
    return all;
  }

  /** Hashes of RAM and of what was written to the disk. */
  List<Long> contents() {
    return List.of(ram.hash(), rom.hash(), drive.overlay().hash());
  }

  /** Becomes what others are, as {@link Machine#load} does it. */
  void become(LooseChips other) {
    now = other.now;
    accessingCpu = other.accessingCpu;
    try (RamSnapshot memoryThen = other.ram.snapshot();
        RamSnapshot diskThen = other.drive.overlay().snapshot()) {
      ram.become(memoryThen);
      drive.overlay().become(diskThen);
    }
    for (int i = devices.size() - 1; i >= 0; i--) {
      load(devices.get(i), other.devices.get(i));
    }
    deadlines.load(other.deadlines.save());
    System.arraycopy(other.intr, 0, intr, 0, intr.length);
    outside.clear();
  }

  private static <S extends Record> void load(Device<S> device, Device<?> other) {
    device.load(device.stateType().cast(other.save()));
  }

  @Override
  public void close() {
    ram.close();
    rom.close();
    drive.close();
  }

  // ---- for chips

  @Override
  public long now() {
    return now;
  }

  @Override
  public long ticksPerSecond() {
    return NANOSECONDS;
  }

  @Override
  public MachineDescription description() {
    return description;
  }

  @Override
  public PortMap ports() {
    return ports;
  }

  @Override
  public PhysicalMap memory() {
    return memory;
  }

  @Override
  public VirtualClock clock() {
    return this;
  }

  @Override
  public DeadlineQueue deadlines() {
    return deadlines.of(devices.size());
  }

  @Override
  public void add(Device<?> device) {
    devices.add(device);
  }

  @Override
  public CpuPins pins(int vcpu) {
    return new CpuPins() {
      @Override
      public void intr(boolean level) {
        intr[vcpu] = level;
      }

      @Override
      public void nmi() {
        outside.add("NMI " + vcpu);
      }

      @Override
      public void init() {
        outside.add("INIT " + vcpu);
      }

      @Override
      public void startup(int vector) {
        outside.add("SIPI " + vcpu + ' ' + vector);
      }
    };
  }

  @Override
  public int accessingCpu() {
    return accessingCpu;
  }

  @Override
  public long tscOffset(int vcpu) {
    return 0;
  }

  @Override
  public void interruptSource(int vcpu, InterruptSource source) {
    sources[vcpu] = source;
  }

  @Override
  public void performanceInterrupt(int vcpu, PerformanceInterrupt pin) {}

  @Override
  public void msrBus(MsrBus bus) {
    msrs = bus;
  }

  @Override
  public void backDoor(BackDoor door) {}

  @Override
  public ApicBus apicBus() {
    return message ->
        apics.stream()
            .filter(r -> r.accepts(message))
            .limit(message.mode() == ApicMessage.Mode.LOWEST_PRIORITY ? 1 : Integer.MAX_VALUE)
            .forEach(r -> r.receive(message));
  }

  @Override
  public void attach(ApicBus.Receiver receiver) {
    apics.add(receiver);
  }

  @Override
  public SystemControl control() {
    return new SystemControl() {
      @Override
      public void powerOff() {
        outside.add("off");
      }

      @Override
      public void exit(int code) {
        outside.add("exit " + code);
      }

      @Override
      public void reset() {
        outside.add("reset");
      }

      @Override
      public void a20(boolean open) {
        outside.add("A20 " + open);
      }
    };
  }

  @Override
  public List<Disk> disks() {
    return List.of(drive.disk());
  }

  @Override
  public ByteSink output(String device) {
    return value -> outside.add(device + ": " + value);
  }
}
