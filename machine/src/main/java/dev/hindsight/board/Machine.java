package dev.hindsight.board;

import dev.hindsight.bus.Deadlines;
import dev.hindsight.bus.Device;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.PhysicalMap;
import dev.hindsight.bus.PortMap;
import dev.hindsight.bus.SystemControl;
import dev.hindsight.bus.World;
import dev.hindsight.bus.state.StateDifferences;
import dev.hindsight.cpu.Activity;
import dev.hindsight.cpu.CpuPackage;
import dev.hindsight.cpu.Engine;
import dev.hindsight.cpu.EngineCounts;
import dev.hindsight.cpu.StopHit;
import dev.hindsight.cpu.StopMonitor;
import dev.hindsight.cpu.StopObserver;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.VcpuState;
import dev.hindsight.cpu.paging.TranslationCaches;
import dev.hindsight.memory.GuestRam;
import dev.hindsight.memory.HostMemory;
import dev.hindsight.memory.RamSnapshot;
import dev.hindsight.storage.BlockWitness;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A virtual PC.
 *
 * <pre>{@code
 * try (Machine machine =
 *     Machine.builder()
 *         .vcpus(2)
 *         .image(Image.rom("firmware", 0xFFFF_F000L, bytes))
 *         .chipset(chips)
 *         .engine(engine)
 *         .build()) {
 *   Outcome outcome = machine.run(1_000_000_000);
 * }
 * }</pre>
 *
 * <p>It is a function of its description and of the inputs that its {@link World} hands over. How
 * the host cuts the run into pieces, which engine runs it, how large its TLBs are, and whether it
 * was saved and loaded in between cannot be told from its state.
 *
 * <p>A machine, and the machines forked from it, are used by one thread at a time.
 */
public final class Machine implements AutoCloseable {
  private final MachineParts built;
  private final GuestRam ram;
  private final List<DiskDrive> drives = new ArrayList<>();
  private final MemoryLayout layout;
  private final CpuPackage common;
  private final Motherboard board;
  private final StopMonitor monitor;
  private final Engine engine;
  private final Scheduler scheduler;
  private final List<Vcpu> vcpus = new ArrayList<>();
  private final List<Part<?>> parts = new ArrayList<>();

  /** At power-on. */
  Machine(MachineParts built) {
    this(built, new GuestRam(built.description().memoryBytes()), List.of());
    MemoryLayout.load(board.memory(), built.images());
    reset();
  }

  private Machine(MachineParts built, GuestRam ram, List<RamSnapshot> written) {
    this.built = built;
    this.ram = ram;
    MachineDescription d = built.description();
    for (int i = 0; i < d.disks().size(); i++) {
      drives.add(
          new DiskDrive(
              i,
              d.disks().get(i),
              built.disks().get(i),
              written.isEmpty() ? null : written.get(i)));
    }
    common = new CpuPackage(d.vcpus(), d.ticksPerSecond(), d.seed());
    Turn turn = new Turn(common);
    board =
        new Motherboard(
            d, drives.stream().map(DiskDrive::disk).toList(), built.outputs(), turn, new Control());
    layout = new MemoryLayout(board.memory(), ram, built.images());
    built.chipset().install(board);
    TranslationCaches translations =
        new TranslationCaches(
            board.memory(), built.model().physicalAddressBits(), built.tlbCapacity());
    monitor = new StopMonitor(board.memory(), translations, this::steps);
    for (int i = 0; i < d.vcpus(); i++) {
      Vcpu vcpu =
          new Vcpu(
              i,
              built.model(),
              board.memory(),
              translations,
              board.ports(),
              board.msrBus(),
              board.interruptSource(i));
      vcpu.join(common);
      vcpu.share(monitor);
      vcpu.backDoor(board.backDoor());
      vcpu.pmu().connect(board.performanceInterrupt(i));
      board.cpuSockets().get(i).insert(vcpu);
      vcpus.add(vcpu);
    }
    engine = built.engine().create(board.memory(), built.model());
    scheduler =
        new Scheduler(
            vcpus,
            engine,
            board.allDeadlines(),
            turn,
            new Events(),
            d.quantum(),
            monitor,
            built.world());
    listParts();
  }

  private void listParts() {
    parts.add(new Part<>("board", BoardState.class, this::saveBoard, this::loadBoard));
    for (Vcpu v : vcpus) {
      parts.add(new Part<>("cpu" + v.index(), VcpuState.class, v::save, v::load));
    }
    for (Device<?> d : board.devices()) {
      parts.add(Part.of(d));
    }
  }

  /** What chips ask for. */
  private final class Control implements SystemControl {
    @Override
    public void powerOff() {
      scheduler.powerOff();
    }

    @Override
    public void exit(int code) {
      scheduler.exit(code);
    }

    @Override
    public void reset() {
      scheduler.requestReset();
    }

    @Override
    public void a20(boolean open) {
      board.memory().a20(open);
    }
  }

  /** What the scheduler has happen. */
  private final class Events implements Scheduler.Board {
    @Override
    public void quantumEnded() {
      board.quantumEnded();
    }

    @Override
    public void deadline(Deadlines.Deadline deadline) {
      board.deadline(deadline);
    }

    @Override
    public void deviceInput(String device, Input input) {
      board.input(device, input);
    }

    @Override
    public void powerButton() {
      board.powerButton();
    }

    @Override
    public void reset() {
      Machine.this.reset();
      MemoryLayout.load(board.memory(), built.images());
    }
  }

  /** Begins to say what a machine is to be. */
  public static MachineBuilder builder() {
    return new MachineBuilder();
  }

  private void reset() {
    board.reset();
    for (Vcpu v : vcpus) {
      v.reset();
      if (v.index() != 0) {
        v.activity(Activity.WAIT_FOR_SIPI);
      }
    }
  }

  // ---- what it is made of

  /** What it was built as. */
  public MachineDescription description() {
    return built.description();
  }

  /** The vCPUs; number 0 is the bootstrap processor. */
  public List<Vcpu> vcpus() {
    return List.copyOf(vcpus);
  }

  /** Physical address space. */
  public PhysicalMap memory() {
    return board.memory();
  }

  /** RAM. */
  public GuestRam ram() {
    return ram;
  }

  /** Port space. */
  public PortMap ports() {
    return board.ports();
  }

  /** The chips, in the order in which their deadlines come at one tick. */
  public List<Device<?>> devices() {
    return List.copyOf(board.devices());
  }

  // ---- running

  /** The tick of the last instant at which all vCPUs were at one tick. */
  public long now() {
    return scheduler.now();
  }

  /**
   * Whether all vCPUs are at one tick. With one vCPU this is always so between runs; with several,
   * a {@link #slice} may end in the middle of a quantum.
   */
  public boolean isAtBoundary() {
    return scheduler.isAtBoundary();
  }

  /** Whether inputs and deadlines of the present tick have been, so that steps come next. */
  public boolean hasBegunTick() {
    return scheduler.hasBegunTick();
  }

  /** Steps that all vCPUs have executed. */
  public long steps() {
    return vcpus.stream().mapToLong(Vcpu::steps).sum();
  }

  /** What the engine has done so far. */
  public EngineCounts engineCounts() {
    return engine.counts();
  }

  /** What the guest said through the debug-exit port as it switched the machine off, if it did. */
  public OptionalInt exitCode() {
    return scheduler.exitCode();
  }

  /** Runs up to a tick: with several vCPUs, to the end of the quantum in which it lies. */
  public Outcome run(long until) {
    return slice(until, Long.MAX_VALUE);
  }

  /** Runs up to a tick, or to the first stop. */
  public Outcome run(long until, Stops stops) {
    return run(until, Long.MAX_VALUE, stops);
  }

  /**
   * Runs up to a tick, or to the first stop, but returns at the latest when the vCPUs have executed
   * so many ticks in all.
   *
   * @return {@link Outcome#STOP} if it stopped; {@link #hits} then tells why
   */
  public Outcome run(long until, long ticks, Stops stops) {
    return observe(until, ticks, stops, StopObserver.FIRST, false);
  }

  /**
   * Runs as {@link #run(long, long, Stops)} does, but has somebody else say whether to stop.
   *
   * @param inclusive whether an instruction that is to be executed next counts as well; else it
   *     does not, so that a machine that has stopped before one can go on
   */
  public Outcome observe(
      long until, long ticks, Stops stops, StopObserver observer, boolean inclusive) {
    monitor.begin(observer, inclusive);
    return scheduler.run(until, ticks, stops);
  }

  /** What stopped the last run; empty if nothing did. All of it happened at one instant. */
  public List<StopHit> hits() {
    return monitor.hits();
  }

  /**
   * Runs up to a tick, but returns at the latest when the vCPUs have executed so many ticks in all,
   * be it in the middle of a quantum.
   */
  public Outcome slice(long until, long ticks) {
    return run(until, ticks, Stops.NONE);
  }

  /** Has inputs come from another world from now on. */
  public void connect(World world) {
    scheduler.world(world);
  }

  /** Who hears of each block of the disk images when it is first read from now on. */
  public void witness(BlockWitness witness) {
    drives.forEach(d -> d.blocks().witness(witness));
  }

  // ---- state

  /** The hash of all state. */
  public StateDigest digest() {
    List<StateDigest.Entry> entries = new ArrayList<>();
    for (Part<?> p : parts) {
      entries.add(new StateDigest.Entry(p.name(), p.save().hash()));
    }
    entries.add(new StateDigest.Entry(StateDigest.MEMORY, ram.hash()));
    for (DiskDrive d : drives) {
      entries.add(new StateDigest.Entry(d.description().name(), d.overlay().hash()));
    }
    return new StateDigest(now(), entries);
  }

  /** All state of this instant. Its cost does not depend on the size of memory. */
  public MachineState save() {
    PartState[] saved = new PartState[parts.size()];
    for (int i = 0; i < saved.length; i++) {
      saved[i] = parts.get(i).save();
    }
    List<RamSnapshot> disks = new ArrayList<>();
    for (DiskDrive d : drives) {
      disks.add(d.overlay().snapshot());
    }
    return new MachineState(description(), List.of(saved), ram.snapshot(), disks);
  }

  /**
   * Becomes what {@link #save} had returned, for this machine or for one with the same description.
   *
   * @throws dev.hindsight.bus.state.StateFormatException if a part cannot be read
   */
  public void load(MachineState state) {
    if (!state.description().equals(description())) {
      throw new IllegalArgumentException("the state is of a machine with another description");
    }
    ram.become(state.memory());
    for (int i = 0; i < drives.size(); i++) {
      drives.get(i).overlay().become(state.disks().get(i));
    }
    loadParts(state);
  }

  private void loadParts(MachineState state) {
    // from the sources of signals to their sinks: as chips drive their lines anew, what is behind
    // the lines changes, and becomes what it was when its own turn comes
    for (int i = parts.size() - 1; i >= 0; i--) {
      parts.get(i).load(state.parts().get(i));
    }
  }

  /**
   * Becomes a copy of what another machine of the same description was at an instant, given that it
   * is a copy of what that machine was at another. Costs what was written in between.
   *
   * @param from what this machine is a copy of
   * @param to what it becomes a copy of; neither is changed, so that the other machine may run
   */
  public void follow(MachineState from, MachineState to) {
    ram.follow(from.memory(), to.memory());
    for (int i = 0; i < drives.size(); i++) {
      drives.get(i).overlay().follow(from.disks().get(i), to.disks().get(i));
    }
    loadParts(to);
  }

  /**
   * A machine of the same description in a saved state, which shares memory until it is written.
   */
  public Machine fork(MachineState state, World world, OutputListener outputs, int tlbCapacity) {
    Machine fork =
        new Machine(
            built.withWorld(world).withOutputs(outputs).withTlbCapacity(tlbCapacity),
            new GuestRam(state.memory()),
            state.disks());
    fork.load(state);
    return fork;
  }

  /** Says where two states of this machine, or of machines like it, differ. */
  public List<StateDifferences.Difference> differences(
      MachineState first, MachineState second, int limit) {
    List<StateDifferences.Difference> all = new ArrayList<>(partDifferences(first, second, limit));
    addMemoryDifferences(StateDigest.MEMORY, first.memory(), second.memory(), limit, all);
    for (int i = 0; i < drives.size(); i++) {
      addMemoryDifferences(
          drives.get(i).description().name(),
          first.disks().get(i),
          second.disks().get(i),
          limit,
          all);
    }
    return List.copyOf(all);
  }

  /** The same without memory and disks: differences of the board, the vCPUs and the chips. */
  public List<StateDifferences.Difference> partDifferences(
      MachineState first, MachineState second, int limit) {
    List<StateDifferences.Difference> all = new ArrayList<>();
    for (int i = 0; i < parts.size() && all.size() < limit; i++) {
      all.addAll(
          parts
              .get(i)
              .differences(first.parts().get(i), second.parts().get(i), limit - all.size()));
    }
    return List.copyOf(all);
  }

  private static void addMemoryDifferences(
      String name,
      RamSnapshot first,
      RamSnapshot second,
      int limit,
      List<StateDifferences.Difference> all) {
    first.differences(
        second,
        page -> {
          long a = first.readAddress(page);
          long b = second.readAddress(page);
          for (int i = 0; i < GuestRam.PAGE_BYTES && all.size() < limit; i++) {
            if (HostMemory.getByte(a + i) != HostMemory.getByte(b + i)) {
              all.add(
                  new StateDifferences.Difference(
                      name + "[0x" + Long.toHexString(page * GuestRam.PAGE_BYTES + i) + "]",
                      "0x" + Integer.toHexString(HostMemory.getByte(a + i) & 0xFF),
                      "0x" + Integer.toHexString(HostMemory.getByte(b + i) & 0xFF)));
            }
          }
        });
  }

  private BoardState saveBoard() {
    List<BoardState.Pins> pins = new ArrayList<>();
    for (CpuSocket s : board.cpuSockets()) {
      pins.add(s.save());
    }
    return new BoardState(
        scheduler.save(),
        common.latestRead(),
        board.memory().a20(),
        board.allDeadlines().save(),
        board.messages().save(),
        pins);
  }

  private void loadBoard(BoardState state) {
    common.latestRead(state.latestClockRead());
    board.memory().a20(state.a20());
    board.allDeadlines().load(state.deadlines());
    board.messages().load(state.messages());
    for (int i = 0; i < vcpus.size(); i++) {
      board.cpuSockets().get(i).load(state.pins().get(i));
    }
    scheduler.load(state.schedule());
  }

  /** Gives its memory back. */
  @Override
  public void close() {
    engine.close();
    ram.close();
    drives.forEach(DiskDrive::close);
    layout.close();
  }
}
