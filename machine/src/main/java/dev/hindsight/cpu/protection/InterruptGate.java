package dev.hindsight.cpu.protection;

import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.SegmentedMemory;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.Vector;

/**
 * Entry of a handler through the IDT, in protected mode, virtual-8086 mode and IA-32e mode (SDM
 * volume 2, "INT n"; volume 3, sections 6.12 and 6.14).
 */
final class InterruptGate {
  /** ES, DS, FS and GS in the order in which an interrupt of virtual-8086 mode pushes them. */
  private static final int[] VIRTUAL_8086_SEGMENTS = {5, 4, 3, 0};

  private InterruptGate() {}

  /** Enters the handler of an event, or faults and changes nothing. */
  static void enter(Vcpu cpu, Event event) throws FaultInNewTask {
    Descriptor gate = find(cpu, event);
    if (gate.type() == Descriptor.TASK_GATE) {
      TaskSwitch.perform(cpu, gate.gateSelector(), TaskSwitch.Cause.CALL, event);
      return;
    }
    CodeTarget target = CodeTarget.throughInterruptGate(cpu, gate.gateSelector(), event.ext());
    if (cpu.isLongMode()) {
      enter64(cpu, event, gate, target);
    } else if (target.cpl() < cpu.cpl()) {
      enterInner(cpu, event, gate, target);
    } else {
      enterSame(cpu, event, gate, target);
    }
    cpu.updateMode();
  }

  private static Descriptor find(Vcpu cpu, Event event) {
    int code = event.vector() << 3 | 2 | event.ext();
    boolean wide = cpu.isLongMode();
    int bytes = wide ? 16 : 8;
    int offset = event.vector() * bytes;
    if (offset + bytes - 1 > cpu.idtr().limit()) {
      throw GuestFault.generalProtection(code);
    }
    long address = DescriptorTables.wrap(cpu, cpu.idtr().base() + offset);
    Descriptor gate =
        wide ? DescriptorTables.readWide(cpu, address) : DescriptorTables.read(cpu, address);
    boolean forbidden = event.byInstruction() && gate.dpl() < cpu.cpl();
    if (!isInterruptGate(gate, wide) || forbidden) {
      throw GuestFault.generalProtection(code);
    }
    if (!gate.isPresent()) {
      throw GuestFault.of(Vector.NP, code);
    }
    return gate;
  }

  private static boolean isInterruptGate(Descriptor gate, boolean wide) {
    if (gate.isCodeOrData()) {
      return false;
    }
    return switch (gate.type()) {
      case Descriptor.INTERRUPT_GATE32, Descriptor.TRAP_GATE32 -> true;
      case Descriptor.INTERRUPT_GATE16, Descriptor.TRAP_GATE16, Descriptor.TASK_GATE -> !wide;
      default -> false;
    };
  }

  private static void enterSame(Vcpu cpu, Event event, Descriptor gate, CodeTarget target) {
    int bits = gateBits(gate);
    long ip = offset(gate);
    TargetStack stack = TargetStack.current(cpu, cpu.stackBits(), event.ext());
    stack.reserve(event.pushesErrorCode() ? 4 : 3, bits);
    target.checkPointer(cpu, ip, event.ext());
    stack.probe();
    target.markAccessed(cpu);

    pushReturn(cpu, event, stack);
    target.enter(cpu, ip);
    stack.commit();
    clearFlags(cpu, gate);
  }

  private static void enterInner(Vcpu cpu, Event event, Descriptor gate, CodeTarget target) {
    int bits = gateBits(gate);
    long ip = offset(gate);
    boolean from8086 = cpu.isVirtual8086();
    InnerStack inner = InnerStack.select(cpu, target.cpl(), event.ext());
    int code = Selector.errorCode(inner.segment().selector(), event.ext());
    TargetStack stack = TargetStack.inner(cpu, inner.segment(), inner.pointer(), code);
    stack.reserve((event.pushesErrorCode() ? 6 : 5) + (from8086 ? 4 : 0), bits);
    target.checkPointer(cpu, ip, event.ext());
    stack.probe();
    inner.markAccessed(cpu);
    target.markAccessed(cpu);

    if (from8086) {
      for (int n : VIRTUAL_8086_SEGMENTS) {
        stack.push(cpu.segment(n).selector());
      }
    }
    stack.push(cpu.ss().selector());
    stack.push(SegmentedMemory.wrap(cpu.general().get64(GeneralRegisters.RSP), bits));
    pushReturn(cpu, event, stack);
    target.enter(cpu, ip);
    cpu.ss().set(inner.segment());
    if (from8086) {
      for (int n : VIRTUAL_8086_SEGMENTS) {
        cpu.segment(n).set(0, 0, 0, 0, 0);
      }
    }
    stack.commit();
    clearFlags(cpu, gate);
  }

  private static void enter64(Vcpu cpu, Event event, Descriptor gate, CodeTarget target) {
    int ext = event.ext();
    int level = target.cpl();
    boolean inner = level < cpu.cpl();
    int ist = gate.interruptStack();
    long top =
        ist != 0
            ? InnerStack.interruptStack(cpu, ist, ext)
            : inner
                ? InnerStack.pointer64(cpu, level, ext)
                : cpu.general().get64(GeneralRegisters.RSP);
    long aligned = top & -16;
    TargetStack stack =
        inner ? TargetStack.inner64(cpu, aligned, ext) : TargetStack.sameLevel64(cpu, aligned, ext);
    stack.reserve(event.pushesErrorCode() ? 6 : 5, 64);
    target.checkPointer(cpu, gate.gateOffset(), ext);
    stack.probe();
    target.markAccessed(cpu);

    stack.push(cpu.ss().selector());
    stack.push(cpu.general().get64(GeneralRegisters.RSP));
    pushReturn(cpu, event, stack);
    target.enter(cpu, gate.gateOffset());
    if (inner) {
      // SS becomes the null selector of the new level.
      cpu.ss().set(level, 0, 0, 0, 0);
    }
    stack.commit();
    clearFlags(cpu, gate);
  }

  private static int gateBits(Descriptor gate) {
    return gate.type() >= Descriptor.INTERRUPT_GATE32 ? 32 : 16;
  }

  private static long offset(Descriptor gate) {
    return SegmentedMemory.wrap(gate.gateOffset(), gateBits(gate));
  }

  private static void pushReturn(Vcpu cpu, Event event, TargetStack stack) {
    stack.push(event.flags());
    stack.push(cpu.cs().selector());
    stack.push(cpu.rip());
    if (event.pushesErrorCode()) {
      stack.push(event.errorCode());
    }
  }

  private static void clearFlags(Vcpu cpu, Descriptor gate) {
    boolean interruptGate = (gate.type() & 1) == 0;
    int cleared = Flags.TF | Flags.VM | Flags.RF | Flags.NT | (interruptGate ? Flags.IF : 0);
    cpu.flags().put(cleared, false);
  }
}
