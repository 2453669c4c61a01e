package dev.hindsight.board;

import dev.hindsight.bus.ApicBus;
import dev.hindsight.bus.BackDoor;
import dev.hindsight.bus.ByteSink;
import dev.hindsight.bus.CpuPins;
import dev.hindsight.bus.DeadlineQueue;
import dev.hindsight.bus.Device;
import dev.hindsight.bus.InterruptSource;
import dev.hindsight.bus.MsrBus;
import dev.hindsight.bus.PerformanceInterrupt;
import dev.hindsight.bus.PhysicalMap;
import dev.hindsight.bus.PortMap;
import dev.hindsight.bus.SystemControl;
import dev.hindsight.bus.VirtualClock;
import dev.hindsight.storage.Disk;
import java.util.List;

/** What a board offers to chips: address spaces, the clock, deadlines, and the pins of the CPUs. */
public interface Sockets {
  /** The machine being built. */
  MachineDescription description();

  /** Port space. */
  PortMap ports();

  /** Physical address space; RAM and ROMs are in it already. */
  PhysicalMap memory();

  /** Virtual time. */
  VirtualClock clock();

  /**
   * The deadlines of the chip that is put in next; to be asked for once, right before {@link #add}.
   */
  DeadlineQueue deadlines();

  /** Puts a chip in. */
  void add(Device<?> device);

  /** The pins of a vCPU, from 0. */
  CpuPins pins(int vcpu);

  /** The vCPU whose access is going on, or the bootstrap processor if none runs. */
  int accessingCpu();

  /** What a vCPU's time-stamp counter shows at tick 0 of its clock. */
  long tscOffset(int vcpu);

  /** Says what stands behind a vCPU's INTR pin. */
  void interruptSource(int vcpu, InterruptSource source);

  /** Says where a vCPU's performance counters ask for an interrupt. */
  void performanceInterrupt(int vcpu, PerformanceInterrupt pin);

  /** Says where MSRs are that no CPU knows itself. */
  void msrBus(MsrBus bus);

  /** Says where guests call the machine. */
  void backDoor(BackDoor door);

  /** Carries messages between APICs. */
  ApicBus apicBus();

  /** Puts a local APIC on the bus. */
  void attach(ApicBus.Receiver receiver);

  /** Power, reset and the A20 gate. */
  SystemControl control();

  /** The machine's disks, in the order of its description. */
  List<Disk> disks();

  /** Where a chip's bytes go that leave the machine. */
  ByteSink output(String device);
}
