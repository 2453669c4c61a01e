package dev.hindsight.cpu.protection;

import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Stack;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.Vector;

/**
 * Far JMP, CALL and RET (SDM volume 2, "JMP", "CALL" and "RET"). Each checks all, then changes all.
 */
public final class FarTransfer {
  private static final int CS = 1;

  private FarTransfer() {}

  /**
   * JMP to another segment, through a call gate or to another task.
   *
   * @param offset offset of the target, zero-extended from the operand size
   */
  public static void jump(Vcpu cpu, int selector, long offset) {
    if (cpu.isRealOrVirtual8086()) {
      enter8086(cpu, selector, offset);
      return;
    }
    long address = find(cpu, selector);
    Descriptor d = DescriptorTables.read(cpu, address);
    if (d.isCode()) {
      CodeTarget target = CodeTarget.direct(cpu, selector, address, d);
      target.checkPointer(cpu, offset, 0);
      target.markAccessed(cpu);
      target.enter(cpu, offset);
      cpu.updateMode();
    } else {
      GateTransfer.transfer(cpu, selector, d, true);
    }
  }

  /**
   * CALL to another segment, through a call gate or to another task.
   *
   * @param offset offset of the target, zero-extended from the operand size
   * @param bits operand size: 16, 32 or 64
   */
  public static void call(Vcpu cpu, int selector, long offset, int bits) {
    if (cpu.isRealOrVirtual8086()) {
      TargetStack stack = TargetStack.current(cpu, cpu.stackBits(), 0);
      stack.reserve(2, bits);
      check8086(cpu, offset);
      pushReturnAddress(cpu, stack);
      enter8086(cpu, selector, offset);
      return;
    }
    long address = find(cpu, selector);
    Descriptor d = DescriptorTables.read(cpu, address);
    if (d.isCode()) {
      callSameLevel(cpu, CodeTarget.direct(cpu, selector, address, d), offset, bits);
    } else {
      GateTransfer.transfer(cpu, selector, d, false);
    }
  }

  private static long find(Vcpu cpu, int selector) {
    if (Selector.isNull(selector)) {
      throw GuestFault.generalProtection(0);
    }
    return DescriptorTables.require(cpu, selector, Vector.GP, 0);
  }

  /** A call that stays on the current stack. */
  static void callSameLevel(Vcpu cpu, CodeTarget target, long offset, int bits) {
    // Entering 64-bit code from compatibility mode, the return address goes to RSP already.
    int pointerBits = target.is64Bit(cpu) ? 64 : cpu.stackBits();
    TargetStack stack = TargetStack.current(cpu, pointerBits, 0);
    stack.reserve(2, bits);
    target.checkPointer(cpu, offset, 0);
    stack.probe();
    target.markAccessed(cpu);
    pushReturnAddress(cpu, stack);
    target.enter(cpu, offset);
    cpu.updateMode();
  }

  private static void pushReturnAddress(Vcpu cpu, TargetStack stack) {
    stack.probe();
    stack.push(cpu.cs().selector());
    stack.push(cpu.rip());
    stack.commit();
  }

  private static void enter8086(Vcpu cpu, int selector, long offset) {
    check8086(cpu, offset);
    SegmentLoader.loadAs8086(cpu, CS, selector);
    cpu.rip(offset);
    cpu.updateMode();
  }

  private static void check8086(Vcpu cpu, long offset) {
    if (offset > cpu.cs().limit()) {
      throw GuestFault.generalProtection(0);
    }
  }

  /**
   * RET to another segment.
   *
   * @param bits operand size: 16, 32 or 64
   * @param release bytes of parameters to drop, 0 to 0xFFFF
   */
  public static void ret(Vcpu cpu, int bits, int release) {
    int bytes = bits / 8;
    long ip = Stack.peek(cpu, bits, 0);
    int selector = (int) Stack.peek(cpu, bits, 1) & 0xFFFF;
    if (cpu.isRealOrVirtual8086()) {
      check8086(cpu, ip);
      Stack.adjust(cpu, 2L * bytes + release);
      enter8086(cpu, selector, ip);
      return;
    }
    CodeTarget target = CodeTarget.forReturn(cpu, selector);
    if (target.cpl() == cpu.cpl()) {
      target.checkPointer(cpu, ip, 0);
      target.markAccessed(cpu);
      Stack.adjust(cpu, 2L * bytes + release);
      target.enter(cpu, ip);
    } else {
      long pointer = peekAbove(cpu, bits, 2, release);
      int ss = (int) peekAbove(cpu, bits, 3, release) & 0xFFFF;
      ReturnStack stack = ReturnStack.check(cpu, ss, target);
      target.checkPointer(cpu, ip, 0);
      target.markAccessed(cpu);
      stack.markAccessed(cpu);
      target.enter(cpu, ip);
      stack.load(cpu, pointer + release, target.is64Bit(cpu));
      ReturnStack.dropPrivilegedSegments(cpu);
    }
    cpu.updateMode();
  }

  /** A stack slot that lies above the parameters which the caller pushed. */
  private static long peekAbove(Vcpu cpu, int bits, int slot, int release) {
    return Stack.peekAt(cpu, bits, (long) slot * (bits / 8) + release);
  }
}
