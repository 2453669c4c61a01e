package dev.hindsight.board;

import dev.hindsight.bus.ApicBus;
import dev.hindsight.bus.ApicMessage;
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

/** All chips of a chipset, wired to each other, with a little memory and a disk, without CPUs. */
final class LooseChips implements Sockets, VirtualClock, AutoCloseable {
  private static final long NANOSECONDS = 1_000_000_000;
  private static final DiskDescription DISK = new DiskDescription("disk0", 1 << 16, false);

  /** Size of RAM in bytes; it begins at address 0. */
  static final int RAM_BYTES = 1 << 17;

  private final GuestRam ram = new GuestRam(RAM_BYTES);
  private final DiskDrive drive =
      new DiskDrive(0, DISK, ByteStore.random((int) DISK.bytes(), 1), null);
  private final MachineDescription description;
  private final PortMap ports = new PortMap();
  private final PhysicalMap memory = new PhysicalMap();
  private final Deadlines deadlines = new Deadlines(() -> {});
  private final List<Device<?>> devices = new ArrayList<>();
  private final List<Part<?>> parts = new ArrayList<>();
  private final List<ApicBus.Receiver> receivers = new ArrayList<>();
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
            List.of(DISK));
    memory.mapRam(0, ram, 0, RAM_BYTES);
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

  /** Lets time pass and delivers deadlines, but no more than so many. */
  void advance(long ticks, int most) {
    long end = now + ticks;
    for (int n = 0; n < most; n++) {
      Deadlines.Deadline due = deadlines.poll(end);
      if (due == null) {
        now = end;
        return;
      }
      now = Math.max(now, due.tick());
      devices.get(due.device()).deadline(due.kind(), due.tick());
    }
  }

  void input(int device, Input input) {
    if (devices.get(device % devices.size()) instanceof InputReceiver receiver) {
      receiver.input(input);
    }
  }

  /** The state of all chips, as it is written to disk. */
  List<PartState> save() {
    return parts.stream().<PartState>map(Part::save).toList();
  }

  /** Becomes what others are, but for the disk. */
  void become(LooseChips other) {
    try (RamSnapshot contents = other.ram.snapshot()) {
      ram.become(contents);
    }
    List<PartState> states = other.save();
    now = other.now;
    for (int i = devices.size() - 1; i >= 0; i--) {
      parts.get(i).load(states.get(i));
    }
    deadlines.load(other.deadlines.save());
    System.arraycopy(other.intr, 0, intr, 0, intr.length);
  }

  /** The pending deadlines. */
  Deadlines.State pending() {
    return deadlines.save();
  }

  @Override
  public void close() {
    ram.close();
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
      public void nmi() {}

      @Override
      public void init() {}

      @Override
      public void startup(int vector) {}
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
  public ApicBus apicBus() {
    return message ->
        receivers.stream()
            .filter(r -> r.accepts(message))
            .limit(message.mode() == ApicMessage.Mode.LOWEST_PRIORITY ? 1 : Integer.MAX_VALUE)
            .forEach(r -> r.receive(message));
  }

  @Override
  public void attach(ApicBus.Receiver receiver) {
    receivers.add(receiver);
  }

  @Override
  public SystemControl control() {
    return new SystemControl() {
      @Override
      public void powerOff() {}

      @Override
      public void exit(int code) {}

      @Override
      public void reset() {}

      @Override
      public void a20(boolean open) {}
    };
  }

  @Override
  public List<Disk> disks() {
    return List.of(drive.disk());
  }

  @Override
  public ByteSink output(String device) {
    return ByteSink.NOWHERE;
  }
}
