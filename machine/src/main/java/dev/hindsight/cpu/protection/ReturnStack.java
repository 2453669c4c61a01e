package dev.hindsight.cpu.protection;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.SegmentRegister;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.Vector;
import org.jspecify.annotations.Nullable;

/**
 * The stack segment that a return to another privilege level (or any IRET of 64-bit mode) takes
 * from the stack.
 *
 * @param selector SS as it will be
 * @param address linear address of its descriptor, if it is not null
 * @param descriptor its descriptor, or null for a null selector
 */
record ReturnStack(int selector, long address, @Nullable Descriptor descriptor) {
  private static final int[] DATA_SEGMENTS = {0, 3, 4, 5};

  /** Checks a popped SS against the code that is returned to. */
  static ReturnStack check(Vcpu cpu, int selector, CodeTarget target) {
    int cpl = target.cpl();
    if (Selector.isNull(selector)) {
      if (!target.is64Bit(cpu) || cpl == 3 || Selector.rpl(selector) != cpl) {
        throw GuestFault.generalProtection(0);
      }
      return new ReturnStack(selector, 0, null);
    }
    int code = Selector.errorCode(selector, 0);
    long address = DescriptorTables.require(cpu, selector, Vector.GP, 0);
    Descriptor d = DescriptorTables.read(cpu, address);
    if (Selector.rpl(selector) != cpl || !d.isWritableData() || d.dpl() != cpl) {
      throw GuestFault.generalProtection(code);
    }
    if (!d.isPresent()) {
      throw GuestFault.of(Vector.SS, code);
    }
    return new ReturnStack(selector, address, d);
  }

  /** Sets the accessed bit of the descriptor. */
  void markAccessed(Vcpu cpu) {
    if (descriptor != null) {
      DescriptorTables.markAccessed(cpu, address, descriptor);
    }
  }

  /**
   * Loads SS and the stack pointer. Of a 16-bit stack's pointer the upper half of ESP stays as it
   * was, as on hardware.
   *
   * @param is64Bit whether the code that is returned to runs in 64-bit mode
   */
  void load(Vcpu cpu, long pointer, boolean is64Bit) {
    SegmentRegister ss = cpu.ss();
    if (descriptor == null) {
      ss.set(selector, 0, 0, 0, 0);
    } else {
      descriptor.loadInto(ss, selector, descriptor.access() | SegmentRegister.ACCESSED);
    }
    cpu.general().set(GeneralRegisters.RSP, is64Bit ? 64 : ss.isBig() ? 32 : 16, pointer);
  }

  /**
   * Makes ES, DS, FS and GS unusable where they hold a segment that the new privilege level could
   * not have loaded. Bases stay: those of FS and GS have a life of their own in IA-32e mode.
   */
  static void dropPrivilegedSegments(Vcpu cpu) {
    for (int n : DATA_SEGMENTS) {
      SegmentRegister s = cpu.segment(n);
      boolean conforming =
          (s.type() & (SegmentRegister.CODE | SegmentRegister.EXPAND_DOWN_OR_CONFORMING))
              == (SegmentRegister.CODE | SegmentRegister.EXPAND_DOWN_OR_CONFORMING);
      if (s.usable() && !conforming && s.dpl() < cpu.cpl()) {
        s.selector(0);
        s.access(0);
      }
    }
  }
}
