package dev.hindsight.cpu.protection;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.SegmentedMemory;
import dev.hindsight.cpu.Stack;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.Vector;

/**
 * Far JMP and CALL whose selector names a system descriptor: a call gate, a task gate or a TSS (SDM
 * volume 2, "CALL", labels CALL-GATE, TASK-GATE and TASK-STATE-SEGMENT).
 */
final class GateTransfer {
  private GateTransfer() {}

  /** Goes through the descriptor, or faults. */
  static void transfer(Vcpu cpu, int selector, Descriptor d, boolean jump) {
    GuestFault violation = GuestFault.generalProtection(Selector.errorCode(selector, 0));
    int type = d.type();
    boolean known =
        cpu.isLongMode()
            ? type == Descriptor.CALL_GATE32
            : type == Descriptor.CALL_GATE16
                || type == Descriptor.CALL_GATE32
                || type == Descriptor.TASK_GATE
                || d.isAvailableTss();
    if (d.isCodeOrData() || !known || d.dpl() < cpu.cpl() || d.dpl() < Selector.rpl(selector)) {
      throw violation;
    }
    if (d.isAvailableTss()) {
      switchTask(cpu, selector, jump);
      return;
    }
    Descriptor gate = d;
    if (cpu.isLongMode()) {
      long address = DescriptorTables.address(cpu, selector, 16);
      if (address == DescriptorTables.OUTSIDE) {
        throw violation;
      }
      gate = DescriptorTables.readWide(cpu, address);
      if (!DescriptorTables.upperHalfValid(gate)) {
        throw violation;
      }
    }
    if (!gate.isPresent()) {
      throw GuestFault.of(Vector.NP, Selector.errorCode(selector, 0));
    }
    if (type == Descriptor.TASK_GATE) {
      switchTask(cpu, gate.gateSelector(), jump);
    } else {
      throughCallGate(cpu, gate, jump);
    }
  }

  private static void switchTask(Vcpu cpu, int tss, boolean jump) {
    TaskSwitch.byInstruction(cpu, tss, jump ? TaskSwitch.Cause.JUMP : TaskSwitch.Cause.CALL);
  }

  private static void throughCallGate(Vcpu cpu, Descriptor gate, boolean jump) {
    boolean narrow = gate.type() == Descriptor.CALL_GATE16;
    int bits = cpu.isLongMode() ? 64 : narrow ? 16 : 32;
    long ip = narrow ? gate.gateOffset() & 0xFFFF : gate.gateOffset();
    CodeTarget target = CodeTarget.throughCallGate(cpu, gate.gateSelector(), jump);
    if (jump) {
      target.checkPointer(cpu, ip, 0);
      target.markAccessed(cpu);
      target.enter(cpu, ip);
      cpu.updateMode();
    } else if (target.cpl() == cpu.cpl()) {
      FarTransfer.callSameLevel(cpu, target, ip, bits);
    } else if (bits == 64) {
      callInner64(cpu, target, ip);
    } else {
      callInner(cpu, gate, target, ip, bits);
    }
  }

  private static void callInner(Vcpu cpu, Descriptor gate, CodeTarget target, long ip, int bits) {
    InnerStack inner = InnerStack.select(cpu, target.cpl(), 0);
    int code = Selector.errorCode(inner.segment().selector(), 0);
    TargetStack stack = TargetStack.inner(cpu, inner.segment(), inner.pointer(), code);
    int parameters = gate.parameterCount();
    stack.reserve(4 + parameters, bits);
    target.checkPointer(cpu, ip, 0);
    long[] values = new long[parameters];
    for (int i = 0; i < parameters; i++) {
      values[i] = Stack.peek(cpu, bits, i);
    }
    stack.probe();
    inner.markAccessed(cpu);
    target.markAccessed(cpu);

    stack.push(cpu.ss().selector());
    stack.push(SegmentedMemory.wrap(cpu.general().get64(GeneralRegisters.RSP), bits));
    for (int i = parameters - 1; i >= 0; i--) {
      stack.push(values[i]);
    }
    stack.push(cpu.cs().selector());
    stack.push(cpu.rip());
    target.enter(cpu, ip);
    cpu.ss().set(inner.segment());
    stack.commit();
    cpu.updateMode();
  }

  private static void callInner64(Vcpu cpu, CodeTarget target, long ip) {
    int level = target.cpl();
    TargetStack stack = TargetStack.inner64(cpu, InnerStack.pointer64(cpu, level, 0), 0);
    stack.reserve(4, 64);
    target.checkPointer(cpu, ip, 0);
    stack.probe();
    target.markAccessed(cpu);

    stack.push(cpu.ss().selector());
    stack.push(cpu.general().get64(GeneralRegisters.RSP));
    stack.push(cpu.cs().selector());
    stack.push(cpu.rip());
    target.enter(cpu, ip);
    // SS becomes the null selector of the new level.
    cpu.ss().set(level, 0, 0, 0, 0);
    stack.commit();
    cpu.updateMode();
  }
}
