package dev.hindsight.cpu.protection;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.SegmentRegister;
import dev.hindsight.cpu.Vcpu;

/**
 * Interrupts through a table of far pointers, as the 8086 has them: all those of real mode, and the
 * INT n of virtual-8086 mode that the redirection bitmap leaves to the 8086 program (SDM volume 3,
 * sections 21.1.4 and 21.3.3).
 */
final class Interrupt8086 {
  private static final int CS = 1;
  private static final int TSS_LIMIT = 103;
  private static final int REDIRECTION_BYTES = 32;

  private Interrupt8086() {}

  /** Delivers an event in real mode, or faults and changes nothing. */
  static void enterRealMode(Vcpu cpu, Event event) {
    int offset = event.vector() * 4;
    if (offset + 3 > cpu.idtr().limit()) {
      throw GuestFault.generalProtection(event.vector() << 3 | 2 | event.ext());
    }
    TargetStack stack = TargetStack.current(cpu, cpu.stackBits(), event.ext());
    stack.reserve(3, 16);
    long address = DescriptorTables.wrap(cpu, cpu.idtr().base() + offset);
    long target = cpu.memory().readSystem(address, 4);
    enter(cpu, stack, event.flags(), target);
    cpu.flags().put(Flags.IF | Flags.TF | Flags.AC | Flags.RF, false);
    cpu.updateMode();
  }

  /**
   * Runs INT n of virtual-8086 mode within the mode, if CR4.VME and the bitmap in the TSS say so.
   *
   * @return whether it did
   */
  static boolean redirect(Vcpu cpu, int vector) {
    if (!cpu.control().cr4Has(ControlRegisters.CR4_VME) || !isRedirected(cpu, vector)) {
      return false;
    }
    Flags flags = cpu.flags();
    boolean virtual = flags.iopl() < 3;
    int image = flags.get() & ~Flags.RF;
    if (virtual) {
      // The program sees IOPL 3, and the virtual interrupt flag at the place of IF.
      image |= Flags.IOPL;
      image = flags.is(Flags.VIF) ? image | Flags.IF : image & ~Flags.IF;
    }
    TargetStack stack = TargetStack.current(cpu, cpu.stackBits(), 0);
    stack.reserve(3, 16);
    long target = cpu.memory().readSystem(vector * 4L, 4);
    enter(cpu, stack, image, target);
    flags.put(Flags.TF | Flags.RF | (virtual ? Flags.VIF : Flags.IF), false);
    cpu.updateMode();
    return true;
  }

  private static boolean isRedirected(Vcpu cpu, int vector) {
    SegmentRegister tr = cpu.tr();
    if (tr.limit() < TSS_LIMIT) {
      throw GuestFault.generalProtection(0);
    }
    long map = cpu.memory().readSystem(tr.base() + IoPermission.MAP_BASE & 0xFFFF_FFFFL, 2);
    // The redirection bitmap ends where the I/O permission bitmap begins.
    long offset = map - REDIRECTION_BYTES + (vector >>> 3);
    if (offset > tr.limit()) {
      throw GuestFault.generalProtection(0);
    }
    long bits = cpu.memory().readSystem(tr.base() + offset & 0xFFFF_FFFFL, 1);
    return (bits >>> (vector & 7) & 1) == 0;
  }

  private static void enter(Vcpu cpu, TargetStack stack, int image, long target) {
    stack.probe();
    stack.push(image);
    stack.push(cpu.cs().selector());
    stack.push(cpu.rip());
    stack.commit();
    SegmentLoader.loadAs8086(cpu, CS, (int) (target >>> 16) & 0xFFFF);
    cpu.rip(target & 0xFFFF);
  }
}
