package dev.hindsight.board;

import dev.hindsight.bus.ApicBus;
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
import dev.hindsight.storage.Disk;
import java.util.ArrayList;
import java.util.List;

/** The sockets of a machine and the chips that are in them. */
final class Motherboard implements Sockets {
  private final MachineDescription description;
  private final OutputListener outputs;
  private final Turn turn;
  private final PhysicalMap memory = new PhysicalMap();
  private final PortMap ports = new PortMap();
  private final Deadlines deadlines;
  private final MessageBus messages;
  private final List<CpuSocket> sockets = new ArrayList<>();
  private final List<InterruptSource> sources = new ArrayList<>();
  private final List<PerformanceInterrupt> performancePins = new ArrayList<>();
  private final List<Device<?>> devices = new ArrayList<>();
  private final SystemControl control;
  private final List<Disk> disks;
  private MsrBus msrBus = MsrBus.EMPTY;
  private BackDoor backDoor = BackDoor.CLOSED;

  Motherboard(
      MachineDescription description,
      List<Disk> disks,
      OutputListener outputs,
      Turn turn,
      SystemControl control) {
    this.description = description;
    this.disks = List.copyOf(disks);
    this.outputs = outputs;
    this.turn = turn;
    this.control = control;
    deadlines = new Deadlines(turn::callBoard);
    messages = new MessageBus(turn);
    for (int i = 0; i < description.vcpus(); i++) {
      sockets.add(new CpuSocket(i, turn));
      sources.add(InterruptSource.NONE);
      performancePins.add(PerformanceInterrupt.UNCONNECTED);
    }
  }

  // ---- for chips

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
    return turn;
  }

  @Override
  public DeadlineQueue deadlines() {
    return deadlines.of(devices.size());
  }

  @Override
  public void add(Device<?> device) {
    if (devices.stream().anyMatch(d -> d.name().equals(device.name()))) {
      throw new IllegalArgumentException("there are two chips named " + device.name());
    }
    devices.add(device);
  }

  @Override
  public CpuPins pins(int vcpu) {
    return sockets.get(vcpu);
  }

  @Override
  public int accessingCpu() {
    return turn.runningCpu();
  }

  @Override
  public long tscOffset(int vcpu) {
    return sockets.get(vcpu).tscOffset();
  }

  @Override
  public void interruptSource(int vcpu, InterruptSource source) {
    sources.set(vcpu, source);
  }

  @Override
  public void performanceInterrupt(int vcpu, PerformanceInterrupt pin) {
    performancePins.set(vcpu, pin);
  }

  @Override
  public void msrBus(MsrBus bus) {
    msrBus = bus;
  }

  @Override
  public void backDoor(BackDoor door) {
    backDoor = door;
  }

  @Override
  public ApicBus apicBus() {
    return messages;
  }

  @Override
  public void attach(ApicBus.Receiver receiver) {
    messages.attach(receiver);
  }

  @Override
  public SystemControl control() {
    return control;
  }

  @Override
  public List<Disk> disks() {
    return disks;
  }

  @Override
  public ByteSink output(String device) {
    return value -> {
      outputs.output(device, value, turn.now());
      // a world that answers may have an input now, at an earlier tick than the run would end
      turn.callBoard();
    };
  }

  // ---- for the machine

  Deadlines allDeadlines() {
    return deadlines;
  }

  MessageBus messages() {
    return messages;
  }

  PerformanceInterrupt performanceInterrupt(int vcpu) {
    return performancePins.get(vcpu);
  }

  List<CpuSocket> cpuSockets() {
    return sockets;
  }

  InterruptSource interruptSource(int vcpu) {
    return sources.get(vcpu);
  }

  BackDoor backDoor() {
    return backDoor;
  }

  MsrBus msrBus() {
    return msrBus;
  }

  List<Device<?>> devices() {
    return devices;
  }

  void deadline(Deadlines.Deadline deadline) {
    devices.get(deadline.device()).deadline(deadline.kind(), deadline.tick());
  }

  void input(String device, Input input) {
    for (Device<?> d : devices) {
      if (d.name().equals(device) && d instanceof InputReceiver receiver) {
        receiver.input(input);
        return;
      }
    }
    throw new IllegalArgumentException(
        "There is no device named " + device + " that takes inputs.");
  }

  /** The power button's wire is at whatever takes it. */
  void powerButton() {
    for (Device<?> d : devices) {
      if (d instanceof InputReceiver receiver) {
        receiver.input(new Input.PowerButton());
      }
    }
  }

  /** Signals and messages between vCPUs arrive. */
  void quantumEnded() {
    sockets.forEach(CpuSocket::deliver);
    messages.deliver();
  }

  /** All chips are as at power-on; memory stays. */
  void reset() {
    deadlines.load(new Deadlines.State(List.of()));
    messages.load(List.of());
    sockets.forEach(s -> s.load(BoardState.Pins.NONE));
    memory.a20(true);
    devices.forEach(Device::reset);
  }
}
