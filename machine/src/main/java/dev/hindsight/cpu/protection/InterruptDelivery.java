package dev.hindsight.cpu.protection;

import dev.hindsight.cpu.Activity;
import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.Vector;
import org.jspecify.annotations.Nullable;

/**
 * Takes interrupts and exceptions to their handlers (SDM volume 3, chapter 6).
 *
 * <p>RIP must be what is to be saved: that of the faulting instruction for {@link #fault}, that of
 * the next instruction for everything else. A fault on the way leaves no trace of the attempt; it
 * is delivered instead, or both make a double fault. If that fails too, the vCPU is in {@linkplain
 * Activity#SHUTDOWN shutdown}.
 */
public final class InterruptDelivery {
  private InterruptDelivery() {}

  /**
   * Delivers a fault of an instruction: RF is set in the saved EFLAGS, and CR2 is written for a
   * page fault. DR6 is the business of who raised a debug exception.
   */
  public static void fault(Vcpu cpu, GuestFault fault) {
    deliver(cpu, exception(cpu, fault), fault, Stops.Event.FAULT);
  }

  /**
   * Delivers a debug exception that leaves RF as it stands: a trap (single step, data breakpoint,
   * task switch) or an instruction breakpoint.
   */
  public static void debugTrap(Vcpu cpu) {
    deliver(
        cpu,
        Event.hardware(Vector.DB.number(), cpu.flags().get()),
        GuestFault.of(Vector.DB),
        Stops.Event.FAULT);
  }

  /**
   * Delivers a maskable interrupt. RF is saved as it stands: an engine that takes it between two
   * iterations of a repeated instruction sets it before.
   *
   * @param vector what the interrupt-acknowledge cycle gave, 0 to 255
   */
  public static void external(Vcpu cpu, int vector) {
    deliver(cpu, Event.hardware(vector, cpu.flags().get()), null, Stops.Event.INTERRUPT);
  }

  /** Delivers a non-maskable interrupt, and blocks further ones until IRET. */
  public static void nonMaskable(Vcpu cpu) {
    cpu.events().nmiBlocked(true);
    deliver(
        cpu, Event.hardware(Vector.NMI.number(), cpu.flags().get()), null, Stops.Event.INTERRUPT);
  }

  /** INT n. In virtual-8086 mode IOPL and the redirection bitmap decide where it goes. */
  public static void software(Vcpu cpu, int vector) {
    if (cpu.isProtected() && cpu.isVirtual8086()) {
      if (Interrupt8086.redirect(cpu, vector)) {
        cpu.stopMonitor().happened(Stops.Event.INTERRUPT, vector);
        return;
      }
      if (cpu.flags().iopl() < 3) {
        throw GuestFault.generalProtection(0);
      }
    }
    Event event = Event.software(vector, flagsAfterInstruction(cpu));
    byInstruction(cpu, event, Stops.Event.INTERRUPT);
  }

  /** INT3 and INTO: like INT n, but virtual-8086 mode treats them as it does in protected mode. */
  public static void trapInstruction(Vcpu cpu, Vector vector) {
    Event event = Event.software(vector.number(), flagsAfterInstruction(cpu));
    byInstruction(cpu, event, Stops.Event.FAULT);
  }

  /** INT1: a debug exception that leaves DR6 alone and that no gate's DPL can forbid. */
  public static void debugInstruction(Vcpu cpu) {
    Event event = Event.hardware(Vector.DB.number(), flagsAfterInstruction(cpu));
    byInstruction(cpu, event, Stops.Event.FAULT);
  }

  /** Software interrupts save RF as 0. */
  private static int flagsAfterInstruction(Vcpu cpu) {
    return cpu.flags().get() & ~Flags.RF;
  }

  /** A fault before anything changed is one of the instruction, which the engine delivers. */
  private static void byInstruction(Vcpu cpu, Event event, Stops.Event kind) {
    try {
      enter(cpu, event);
      cpu.stopMonitor().happened(kind, event.vector());
    } catch (FaultInNewTask e) {
      fault(cpu, e.fault());
    }
  }

  private static void deliver(
      Vcpu cpu, Event first, @Nullable GuestFault cause, Stops.Event firstKind) {
    Event event = first;
    Stops.Event kind = firstKind;
    GuestFault current = cause;
    while (true) {
      GuestFault second;
      try {
        enter(cpu, event);
        cpu.stopMonitor().happened(kind, event.vector());
        return;
      } catch (GuestFault fault) {
        second = fault;
      } catch (FaultInNewTask e) {
        second = e.fault();
      }
      GuestFault next = current == null ? second : FaultClass.combine(current, second);
      if (second.vector() == Vector.PF) {
        // CR2 tells of the last page fault, also where it became a double fault.
        cpu.control().cr2(second.address());
      }
      if (next == null) {
        cpu.activity(Activity.SHUTDOWN);
        return;
      }
      event = exception(cpu, next);
      kind = Stops.Event.FAULT;
      current = next;
    }
  }

  private static Event exception(Vcpu cpu, GuestFault fault) {
    if (fault.vector() == Vector.PF) {
      cpu.control().cr2(fault.address());
    }
    return new Event(
        fault.vector().number(),
        false,
        1,
        cpu.flags().get() | Flags.RF,
        fault.vector().hasErrorCode(),
        fault.errorCode());
  }

  private static void enter(Vcpu cpu, Event event) throws FaultInNewTask {
    if (cpu.isProtected()) {
      InterruptGate.enter(cpu, event);
    } else {
      Interrupt8086.enterRealMode(cpu, event);
    }
  }
}
