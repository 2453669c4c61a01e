package dev.hindsight.cpu.protection;

import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.LinearMemory;
import dev.hindsight.cpu.SegmentRegister;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.Vector;

/**
 * A code segment that passed the checks of the transfer that leads to it (SDM volume 3, section
 * 5.8).
 *
 * @param selector the selector that named it
 * @param descriptor its descriptor
 * @param address linear address of its descriptor
 * @param cpl privilege level at which it will run
 */
record CodeTarget(int selector, Descriptor descriptor, long address, int cpl) {

  /** The target of a far JMP or CALL whose selector names a code segment. */
  static CodeTarget direct(Vcpu cpu, int selector, long address, Descriptor d) {
    int code = Selector.errorCode(selector, 0);
    int cpl = cpu.cpl();
    boolean allowed =
        d.isConforming() ? d.dpl() <= cpl : Selector.rpl(selector) <= cpl && d.dpl() == cpl;
    if (isLongAndBig(cpu, d) || !allowed) {
      throw GuestFault.generalProtection(code);
    }
    return present(selector, d, address, cpl, 0);
  }

  /**
   * The target of a call gate.
   *
   * @param jump whether the gate is jumped through, which cannot change the privilege level
   */
  static CodeTarget throughCallGate(Vcpu cpu, int selector, boolean jump) {
    long address = find(cpu, selector, 0);
    Descriptor d = readCode(cpu, selector, address, 0);
    int cpl = cpu.cpl();
    boolean allowed = jump && !d.isConforming() ? d.dpl() == cpl : d.dpl() <= cpl;
    if (!allowed || !suitsGate(cpu, d)) {
      throw GuestFault.generalProtection(Selector.errorCode(selector, 0));
    }
    return present(selector, d, address, d.isConforming() ? cpl : d.dpl(), 0);
  }

  /** The target of an interrupt or trap gate. */
  static CodeTarget throughInterruptGate(Vcpu cpu, int selector, int ext) {
    long address = find(cpu, selector, ext);
    Descriptor d = readCode(cpu, selector, address, ext);
    int cpl = cpu.cpl();
    int code = Selector.errorCode(selector, ext);
    if (d.dpl() > cpl || !suitsGate(cpu, d)) {
      throw GuestFault.generalProtection(code);
    }
    CodeTarget target = present(selector, d, address, d.isConforming() ? cpl : d.dpl(), ext);
    if (cpu.isVirtual8086() && target.cpl != 0) {
      throw GuestFault.generalProtection(code);
    }
    return target;
  }

  /** Where RETF or IRET returns to; the RPL becomes the privilege level. */
  static CodeTarget forReturn(Vcpu cpu, int selector) {
    long address = find(cpu, selector, 0);
    Descriptor d = readCode(cpu, selector, address, 0);
    int rpl = Selector.rpl(selector);
    boolean allowed = rpl >= cpu.cpl() && (d.isConforming() ? d.dpl() <= rpl : d.dpl() == rpl);
    if (isLongAndBig(cpu, d) || !allowed) {
      throw GuestFault.generalProtection(Selector.errorCode(selector, 0));
    }
    return present(selector, d, address, rpl, 0);
  }

  private static long find(Vcpu cpu, int selector, int ext) {
    if (Selector.isNull(selector)) {
      throw GuestFault.generalProtection(ext);
    }
    return DescriptorTables.require(cpu, selector, Vector.GP, ext);
  }

  private static Descriptor readCode(Vcpu cpu, int selector, long address, int ext) {
    Descriptor d = DescriptorTables.read(cpu, address);
    if (!d.isCode()) {
      throw GuestFault.generalProtection(Selector.errorCode(selector, ext));
    }
    return d;
  }

  private static CodeTarget present(int selector, Descriptor d, long address, int cpl, int ext) {
    if (!d.isPresent()) {
      throw GuestFault.of(Vector.NP, Selector.errorCode(selector, ext));
    }
    return new CodeTarget(selector, d, address, cpl);
  }

  /** L and D together are reserved in IA-32e mode. */
  private static boolean isLongAndBig(Vcpu cpu, Descriptor d) {
    return cpu.isLongMode() && d.isLong() && d.isBig();
  }

  /** Gates of IA-32e mode lead to 64-bit code only. */
  private static boolean suitsGate(Vcpu cpu, Descriptor d) {
    return !cpu.isLongMode() || (d.isLong() && !d.isBig());
  }

  /** Whether the code will run in 64-bit mode. */
  boolean is64Bit(Vcpu cpu) {
    return cpu.isLongMode() && descriptor.isLong();
  }

  /** #GP unless an instruction pointer lies in the segment, or is canonical in 64-bit mode. */
  void checkPointer(Vcpu cpu, long ip, int errorCode) {
    boolean inside =
        is64Bit(cpu)
            ? LinearMemory.isCanonical(ip)
            : Long.compareUnsigned(ip, descriptor.limit()) <= 0;
    if (!inside) {
      throw GuestFault.generalProtection(errorCode);
    }
  }

  /** Sets the accessed bit of the descriptor. */
  void markAccessed(Vcpu cpu) {
    DescriptorTables.markAccessed(cpu, address, descriptor);
  }

  /** Loads CS, CPL and RIP. {@link Vcpu#updateMode()} must follow. */
  void enter(Vcpu cpu, long ip) {
    descriptor.loadInto(
        cpu.cs(), Selector.withRpl(selector, cpl), descriptor.access() | SegmentRegister.ACCESSED);
    cpu.cpl(cpl);
    cpu.rip(ip);
  }
}
