package dev.hindsight.cpu.protection;

import dev.hindsight.cpu.DescriptorTableRegister;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.SegmentRegister;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.Vector;

/** Entries of the GDT and of the LDT, found by selector. */
final class DescriptorTables {
  /** What {@link #address} returns for a selector beyond its table. */
  static final long OUTSIDE = -1;

  private static final int ACCESS_BYTE = 5;

  /** Bits 12:8 of the fourth doubleword of a 16-byte descriptor, which must be 0. */
  private static final long UPPER_TYPE = 0x1FL << 40;

  private DescriptorTables() {}

  /**
   * Linear address of the descriptor that a selector names; the RPL is ignored, and so is whether
   * the selector is null.
   *
   * @param bytes size of the descriptor: 8 or 16
   * @return the address, or {@link #OUTSIDE} if it does not lie within its table's limit
   */
  static long address(Vcpu cpu, int selector, int bytes) {
    int offset = Selector.tableOffset(selector);
    if (Selector.isLocal(selector)) {
      SegmentRegister ldtr = cpu.ldtr();
      boolean inside = ldtr.usable() && offset + bytes - 1 <= ldtr.limit();
      return inside ? wrap(cpu, ldtr.base() + offset) : OUTSIDE;
    }
    DescriptorTableRegister gdtr = cpu.gdtr();
    return offset + bytes - 1 <= gdtr.limit() ? wrap(cpu, gdtr.base() + offset) : OUTSIDE;
  }

  /** Reads eight bytes at an address that {@link #address} gave. */
  static Descriptor read(Vcpu cpu, long address) {
    return new Descriptor(cpu.memory().readSystem(address, 8), 0);
  }

  /** Reads sixteen bytes at an address that {@link #address} gave. */
  static Descriptor readWide(Vcpu cpu, long address) {
    return new Descriptor(
        cpu.memory().readSystem(address, 8), cpu.memory().readSystem(wrap(cpu, address + 8), 8));
  }

  /** Whether the second half of a 16-byte descriptor has the type field that the manual demands. */
  static boolean upperHalfValid(Descriptor descriptor) {
    return (descriptor.upper() & UPPER_TYPE) == 0;
  }

  /**
   * Address of the eight-byte descriptor of a selector; faults if it lies beyond the limit.
   *
   * @param vector what to raise then, with the selector as error code
   * @param ext EXT bit of the error code
   */
  static long require(Vcpu cpu, int selector, Vector vector, int ext) {
    long address = address(cpu, selector, 8);
    if (address == OUTSIDE) {
      throw GuestFault.of(vector, Selector.errorCode(selector, ext));
    }
    return address;
  }

  /**
   * Sets the accessed bit of a code or data segment's descriptor in memory if it is clear. May
   * page-fault, so it comes before any change of state.
   */
  static void markAccessed(Vcpu cpu, long address, Descriptor descriptor) {
    if ((descriptor.access() & SegmentRegister.ACCESSED) == 0) {
      writeAccess(cpu, address, descriptor.access() | SegmentRegister.ACCESSED);
    }
  }

  /** Writes the access byte of a descriptor in memory. */
  static void writeAccess(Vcpu cpu, long address, int access) {
    cpu.memory().writeSystem(wrap(cpu, address + ACCESS_BYTE), 1, access);
  }

  /** Faults as {@link #writeAccess} would. */
  static void probeAccess(Vcpu cpu, long address) {
    cpu.memory().probeSystemWrite(wrap(cpu, address + ACCESS_BYTE), 1);
  }

  /** Linear addresses have 32 bits outside of IA-32e mode. */
  static long wrap(Vcpu cpu, long linear) {
    return cpu.isLongMode() ? linear : linear & 0xFFFF_FFFFL;
  }
}
