package dev.hindsight.cpu.protection;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.SegmentRegister;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.Vector;

/** Task switching in protected mode (SDM volume 3, section 8.3). IA-32e mode has none. */
final class TaskSwitch {
  /** Breakpoints that are local to a task: L0 to L3 and LE of DR7. */
  private static final int DR7_LOCAL = 0x155;

  /** DR6.BT: the debug exception is due to the T flag of a TSS. */
  private static final int DR6_TASK_SWITCH = 1 << 15;

  private TaskSwitch() {}

  /** What leads to the new task. */
  enum Cause {
    /** JMP: the old task is no longer busy. */
    JUMP,
    /** CALL, interrupt or exception: the old task stays busy, the new one is nested in it. */
    CALL,
    /** IRET with NT set: back to the task that the back link names. */
    RETURN
  }

  /** Switches tasks for a far JMP or CALL, or for IRET. */
  static void byInstruction(Vcpu cpu, int selector, Cause cause) {
    try {
      perform(cpu, selector, cause, new Event(0, true, 0, cpu.flags().get(), false, 0));
    } catch (FaultInNewTask e) {
      InterruptDelivery.fault(cpu, e.fault());
    }
  }

  /**
   * Switches to the task of a TSS and pushes the event's error code on its stack.
   *
   * @throws GuestFault if the old task cannot be left: nothing has changed
   * @throws FaultInNewTask if the new task's context cannot be loaded whole: the switch is done
   */
  static void perform(Vcpu cpu, int selector, Cause cause, Event event) throws FaultInNewTask {
    int ext = event.ext();
    long address = find(cpu, selector, cause, ext);
    Descriptor d = DescriptorTables.read(cpu, address);
    TaskSegment next = check(cpu, selector, cause, d, ext);
    leave(cpu, cause, event, address, d, next);
    NewTask task = NewTask.read(cpu, next);
    int access = d.access() | Descriptor.BUSY;
    d.loadInto(cpu.tr(), selector, access);
    task.install(cause == Cause.CALL);
    cpu.control().cr0(cpu.control().cr0() | ControlRegisters.CR0_TS);
    cpu.debug().dr7(cpu.debug().dr7() & ~DR7_LOCAL);
    try {
      task.loadSegments(ext);
      if (event.pushesErrorCode()) {
        TargetStack stack = TargetStack.current(cpu, cpu.stackBits(), ext);
        stack.reserve(1, next.narrow() ? 16 : 32);
        stack.probe();
        stack.push(event.errorCode());
        stack.commit();
      }
      if (cpu.rip() > cpu.cs().limit()) {
        throw GuestFault.generalProtection(ext);
      }
    } catch (GuestFault fault) {
      throw new FaultInNewTask(fault);
    }
    if (task.trap()) {
      cpu.debug().dr6(cpu.debug().dr6() | DR6_TASK_SWITCH);
      InterruptDelivery.debugTrap(cpu);
    }
  }

  private static long find(Vcpu cpu, int selector, Cause cause, int ext) {
    Vector bad = badTss(cause);
    if (Selector.isNull(selector) || Selector.isLocal(selector)) {
      throw GuestFault.of(bad, Selector.errorCode(selector, ext));
    }
    return DescriptorTables.require(cpu, selector, bad, ext);
  }

  private static TaskSegment check(Vcpu cpu, int selector, Cause cause, Descriptor d, int ext) {
    int code = Selector.errorCode(selector, ext);
    if (cause == Cause.RETURN ? !d.isBusyTss() : !d.isAvailableTss()) {
      throw GuestFault.of(badTss(cause), code);
    }
    if (!d.isPresent()) {
      throw GuestFault.of(Vector.NP, code);
    }
    boolean narrow = (d.type() & ~Descriptor.BUSY) == Descriptor.TSS16_AVAILABLE;
    TaskSegment next = new TaskSegment(cpu, d.base(), narrow);
    if (d.limit() < next.size() - 1) {
      throw GuestFault.of(Vector.TS, code);
    }
    return next;
  }

  private static Vector badTss(Cause cause) {
    return cause == Cause.RETURN ? Vector.TS : Vector.GP;
  }

  /** Saves the old task. Faults, if at all, before it changes anything. */
  private static void leave(
      Vcpu cpu,
      Cause cause,
      Event event,
      long newAddress,
      Descriptor newDescriptor,
      TaskSegment next) {
    SegmentRegister tr = cpu.tr();
    TaskSegment old = new TaskSegment(cpu, tr.base(), InnerStack.hasTss16(cpu));
    if (tr.limit() < old.size() - 1) {
      throw GuestFault.of(Vector.TS, Selector.errorCode(tr.selector(), event.ext()));
    }
    long oldAddress =
        DescriptorTables.wrap(cpu, cpu.gdtr().base() + Selector.tableOffset(tr.selector()));
    old.probeWrite();
    next.probeRead();
    if (cause == Cause.CALL) {
      next.probeBackLink();
    } else {
      DescriptorTables.probeAccess(cpu, oldAddress);
    }
    if (cause != Cause.RETURN) {
      DescriptorTables.probeAccess(cpu, newAddress);
    }

    old.ip(cpu.rip());
    int flags = event.flags();
    old.flags(cause == Cause.RETURN ? flags & ~Flags.NT : flags);
    for (int i = 0; i < 8; i++) {
      old.general(i, cpu.general().get64(i));
    }
    for (int i = 0; i < old.segments(); i++) {
      old.segment(i, cpu.segment(i).selector());
    }
    if (cause == Cause.CALL) {
      next.backLink(tr.selector());
    } else {
      int access = DescriptorTables.read(cpu, oldAddress).access();
      DescriptorTables.writeAccess(cpu, oldAddress, access & ~Descriptor.BUSY);
    }
    if (cause != Cause.RETURN) {
      DescriptorTables.writeAccess(cpu, newAddress, newDescriptor.access() | Descriptor.BUSY);
    }
  }
}
