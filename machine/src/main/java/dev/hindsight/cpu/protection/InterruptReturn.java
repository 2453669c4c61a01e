package dev.hindsight.cpu.protection;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Stack;
import dev.hindsight.cpu.StopBefore;
import dev.hindsight.cpu.Vcpu;

/** IRET in every mode (SDM volume 2, "IRET/IRETD/IRETQ"). */
public final class InterruptReturn {
  private static final int CS = 1;

  /** What IRET writes at any privilege level with any operand size. */
  private static final int ALWAYS = Flags.ARITHMETIC | Flags.TF | Flags.DF | Flags.NT;

  /** What real and virtual-8086 mode add with a 32-bit operand. */
  private static final int WIDE = Flags.RF | Flags.AC | Flags.ID;

  private InterruptReturn() {}

  /**
   * Executes IRET. NMIs are unblocked even if it faults, as on hardware.
   *
   * @param bits operand size: 16, 32 or 64
   */
  public static void execute(Vcpu cpu, int bits) {
    boolean blocked = cpu.events().nmiBlocked();
    cpu.events().nmiBlocked(false);
    try {
      dispatch(cpu, bits);
    } catch (StopBefore s) {
      cpu.events().nmiBlocked(blocked);
      throw s;
    }
  }

  private static void dispatch(Vcpu cpu, int bits) {
    if (!cpu.isProtected()) {
      realMode(cpu, bits);
    } else if (cpu.isVirtual8086()) {
      virtual8086(cpu, bits);
    } else if (cpu.flags().is(Flags.NT)) {
      nestedTask(cpu);
    } else {
      protectedMode(cpu, bits);
    }
  }

  private static void realMode(Vcpu cpu, int bits) {
    int writable = ALWAYS | Flags.IF | Flags.IOPL | (bits == 16 ? 0 : WIDE);
    return8086(cpu, bits, (int) Stack.peek(cpu, bits, 2), writable);
  }

  private static void virtual8086(Vcpu cpu, int bits) {
    Flags flags = cpu.flags();
    int image = (int) Stack.peek(cpu, bits, 2);
    if (flags.iopl() == 3) {
      return8086(cpu, bits, image, ALWAYS | Flags.IF | (bits == 16 ? 0 : WIDE));
      return;
    }
    boolean extended = cpu.control().cr4Has(ControlRegisters.CR4_VME) && bits == 16;
    boolean wantsInterrupts = (image & Flags.IF) != 0;
    if (!extended || (image & Flags.TF) != 0 || (wantsInterrupts && flags.is(Flags.VIP))) {
      throw GuestFault.generalProtection(0);
    }
    return8086(cpu, bits, wantsInterrupts ? image | Flags.VIF : image, ALWAYS | Flags.VIF);
  }

  private static void return8086(Vcpu cpu, int bits, int image, int writable) {
    long ip = Stack.peek(cpu, bits, 0);
    int selector = (int) Stack.peek(cpu, bits, 1) & 0xFFFF;
    if (ip > cpu.cs().limit()) {
      throw GuestFault.generalProtection(0);
    }
    Stack.adjust(cpu, 3L * bits / 8);
    SegmentLoader.loadAs8086(cpu, CS, selector);
    cpu.rip(ip);
    write(cpu, image, writable);
    cpu.updateMode();
  }

  private static void nestedTask(Vcpu cpu) {
    if (cpu.isLongMode()) {
      throw GuestFault.generalProtection(0);
    }
    TaskSegment tss = new TaskSegment(cpu, cpu.tr().base(), InnerStack.hasTss16(cpu));
    TaskSwitch.byInstruction(cpu, tss.backLink(), TaskSwitch.Cause.RETURN);
  }

  private static void protectedMode(Vcpu cpu, int bits) {
    long ip = Stack.peek(cpu, bits, 0);
    int selector = (int) Stack.peek(cpu, bits, 1) & 0xFFFF;
    int image = (int) Stack.peek(cpu, bits, 2);
    int cpl = cpu.cpl();
    if ((image & Flags.VM) != 0 && cpl == 0 && bits == 32 && !cpu.isLongMode()) {
      toVirtual8086(cpu, ip, selector, image);
      return;
    }
    boolean from64 = cpu.is64Bit();
    long pointer = from64 ? Stack.peek(cpu, bits, 3) : 0;
    int ss = from64 ? (int) Stack.peek(cpu, bits, 4) & 0xFFFF : 0;
    CodeTarget target = CodeTarget.forReturn(cpu, selector);
    int writable = writable(cpu, bits);
    if (target.cpl() == cpl && !from64) {
      target.checkPointer(cpu, ip, 0);
      target.markAccessed(cpu);
      Stack.adjust(cpu, 3L * bits / 8);
      target.enter(cpu, ip);
    } else {
      if (!from64) {
        pointer = Stack.peek(cpu, bits, 3);
        ss = (int) Stack.peek(cpu, bits, 4) & 0xFFFF;
      }
      ReturnStack stack = ReturnStack.check(cpu, ss, target);
      target.checkPointer(cpu, ip, 0);
      target.markAccessed(cpu);
      stack.markAccessed(cpu);
      target.enter(cpu, ip);
      stack.load(cpu, pointer, target.is64Bit(cpu));
      if (target.cpl() != cpl) {
        ReturnStack.dropPrivilegedSegments(cpu);
      }
    }
    write(cpu, image, writable);
    cpu.updateMode();
  }

  private static void toVirtual8086(Vcpu cpu, long ip, int selector, int image) {
    long pointer = Stack.peek(cpu, 32, 3);
    int[] selectors = new int[6];
    selectors[CS] = selector;
    selectors[2] = (int) Stack.peek(cpu, 32, 4);
    selectors[0] = (int) Stack.peek(cpu, 32, 5);
    selectors[3] = (int) Stack.peek(cpu, 32, 6);
    selectors[4] = (int) Stack.peek(cpu, 32, 7);
    selectors[5] = (int) Stack.peek(cpu, 32, 8);
    if (ip > 0xFFFF) {
      throw GuestFault.generalProtection(0);
    }
    cpu.flags().set(image);
    for (int i = 0; i < 6; i++) {
      SegmentLoader.loadAs8086(cpu, i, selectors[i] & 0xFFFF);
    }
    cpu.general().set32(4, (int) pointer);
    cpu.rip(ip);
    cpu.cpl(3);
    cpu.updateMode();
  }

  /** Flags that IRET of protected mode may write, by the privilege level that it leaves. */
  private static int writable(Vcpu cpu, int bits) {
    int mask = ALWAYS;
    if (bits != 16) {
      mask |= WIDE;
    }
    if (cpu.cpl() <= cpu.flags().iopl()) {
      mask |= Flags.IF;
    }
    if (cpu.cpl() == 0) {
      mask |= Flags.IOPL | (bits == 16 ? 0 : Flags.VIF | Flags.VIP);
    }
    return mask;
  }

  private static void write(Vcpu cpu, int image, int writable) {
    cpu.flags().set((cpu.flags().get() & ~writable) | (image & writable));
  }
}
