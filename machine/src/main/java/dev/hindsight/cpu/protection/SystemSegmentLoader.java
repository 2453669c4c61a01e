package dev.hindsight.cpu.protection;

import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.LinearMemory;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.Vector;

/** Loads LDTR and TR as LLDT and LTR do (SDM volume 2), at privilege level 0. */
public final class SystemSegmentLoader {
  private SystemSegmentLoader() {}

  /** Loads LDTR; a null selector leaves it without a table. */
  public static void loadLdtr(Vcpu cpu, int selector) {
    if (Selector.isNull(selector)) {
      cpu.ldtr().set(selector, 0, 0, 0, 0);
      return;
    }
    Descriptor d = DescriptorTables.read(cpu, find(cpu, selector));
    if (!d.isSystem(Descriptor.LDT)) {
      throw GuestFault.generalProtection(Selector.errorCode(selector, 0));
    }
    Descriptor whole = complete(cpu, selector, d);
    whole.loadInto(cpu.ldtr(), selector, whole.access());
  }

  /** Loads TR and marks the TSS busy. */
  public static void loadTr(Vcpu cpu, int selector) {
    if (Selector.isNull(selector)) {
      throw GuestFault.generalProtection(0);
    }
    long address = find(cpu, selector);
    Descriptor d = DescriptorTables.read(cpu, address);
    boolean suitable =
        cpu.isLongMode() ? d.isSystem(Descriptor.TSS32_AVAILABLE) : d.isAvailableTss();
    if (!suitable) {
      throw GuestFault.generalProtection(Selector.errorCode(selector, 0));
    }
    Descriptor whole = complete(cpu, selector, d);
    int access = whole.access() | Descriptor.BUSY;
    DescriptorTables.writeAccess(cpu, address, access);
    whole.loadInto(cpu.tr(), selector, access);
  }

  private static long find(Vcpu cpu, int selector) {
    if (Selector.isLocal(selector)) {
      throw GuestFault.generalProtection(Selector.errorCode(selector, 0));
    }
    return DescriptorTables.require(cpu, selector, Vector.GP, 0);
  }

  /** The 16 bytes of a descriptor in IA-32e mode; checks presence and the upper half. */
  private static Descriptor complete(Vcpu cpu, int selector, Descriptor d) {
    int code = Selector.errorCode(selector, 0);
    if (!d.isPresent()) {
      throw GuestFault.of(Vector.NP, code);
    }
    if (!cpu.isLongMode()) {
      return d;
    }
    long address = DescriptorTables.address(cpu, selector, 16);
    if (address == DescriptorTables.OUTSIDE) {
      throw GuestFault.generalProtection(code);
    }
    Descriptor whole = DescriptorTables.readWide(cpu, address);
    if (!DescriptorTables.upperHalfValid(whole) || !LinearMemory.isCanonical(whole.base())) {
      throw GuestFault.generalProtection(code);
    }
    return whole;
  }
}
