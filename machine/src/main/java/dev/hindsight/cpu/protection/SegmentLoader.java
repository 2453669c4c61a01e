package dev.hindsight.cpu.protection;

import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.SegmentRegister;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.Vector;

/**
 * Loads ES, SS, DS, FS and GS as MOV, POP and LDS and its kin do (SDM volume 2, "MOV"; volume 3,
 * section 5.6), in every mode. CS changes by {@link FarTransfer} and its neighbours only.
 */
public final class SegmentLoader {
  /** Access byte of every segment in virtual-8086 mode: present, DPL 3, writable, accessed. */
  static final int VIRTUAL_8086_ACCESS = 0xF3;

  private static final int REAL_MODE_ACCESS = 0x93;
  private static final int SS = 2;

  private SegmentLoader() {}

  /**
   * Loads a segment register, or faults and changes nothing. MOV to SS and POP SS must also call
   * {@link dev.hindsight.cpu.Events#shadowAfterMovSs()}.
   *
   * @param segment ES 0, SS 2, DS 3, FS 4 or GS 5
   * @param selector the selector; bits above 15 are ignored
   */
  public static void load(Vcpu cpu, int segment, int selector) {
    int s = selector & 0xFFFF;
    if (cpu.isRealOrVirtual8086()) {
      loadAs8086(cpu, segment, s);
    } else if (segment == SS) {
      loadStack(cpu, s);
    } else {
      loadData(cpu, segment, s);
    }
    cpu.updateMode();
  }

  /**
   * Loads any segment register, CS included, as real mode and virtual-8086 mode do. Real mode
   * changes selector and base only: limit and access rights stay, so that "unreal" mode works.
   */
  static void loadAs8086(Vcpu cpu, int segment, int selector) {
    SegmentRegister register = cpu.segment(segment);
    if (cpu.isVirtual8086()) {
      register.set(selector, (long) selector << 4, 0xFFFF, VIRTUAL_8086_ACCESS, 0);
      return;
    }
    if (!register.usable()) {
      // A null selector from protected mode has no limit that could persist.
      register.set(selector, 0, 0xFFFF, REAL_MODE_ACCESS, 0);
    }
    register.selector(selector);
    register.base((long) selector << 4);
  }

  private static void loadData(Vcpu cpu, int segment, int selector) {
    if (Selector.isNull(selector)) {
      cpu.segment(segment).set(selector, 0, 0, 0, 0);
      return;
    }
    int code = Selector.errorCode(selector, 0);
    long address = DescriptorTables.require(cpu, selector, Vector.GP, 0);
    Descriptor d = DescriptorTables.read(cpu, address);
    if (!d.isReadable() || !privilegeAllowsData(d, cpu.cpl(), Selector.rpl(selector))) {
      throw GuestFault.generalProtection(code);
    }
    if (!d.isPresent()) {
      throw GuestFault.of(Vector.NP, code);
    }
    DescriptorTables.markAccessed(cpu, address, d);
    d.loadInto(cpu.segment(segment), selector, d.access() | SegmentRegister.ACCESSED);
  }

  /**
   * Whether privilege levels let a data or readable code segment be loaded into a data-segment
   * register.
   */
  static boolean privilegeAllowsData(Descriptor d, int cpl, int rpl) {
    return d.isConforming() || (cpl <= d.dpl() && rpl <= d.dpl());
  }

  private static void loadStack(Vcpu cpu, int selector) {
    int cpl = cpu.cpl();
    int rpl = Selector.rpl(selector);
    if (Selector.isNull(selector)) {
      if (!cpu.is64Bit() || cpl == 3 || rpl != cpl) {
        throw GuestFault.generalProtection(0);
      }
      cpu.ss().set(selector, 0, 0, 0, 0);
      return;
    }
    int code = Selector.errorCode(selector, 0);
    long address = DescriptorTables.require(cpu, selector, Vector.GP, 0);
    Descriptor d = DescriptorTables.read(cpu, address);
    if (rpl != cpl || !d.isWritableData() || d.dpl() != cpl) {
      throw GuestFault.generalProtection(code);
    }
    if (!d.isPresent()) {
      throw GuestFault.of(Vector.SS, code);
    }
    DescriptorTables.markAccessed(cpu, address, d);
    d.loadInto(cpu.ss(), selector, d.access() | SegmentRegister.ACCESSED);
  }
}
