package dev.hindsight.cpu.protection;

import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.SegmentRegister;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.Vector;

/**
 * The stack that the current TSS keeps for a more privileged level (SDM volume 3, sections 5.8.5,
 * 6.12.1 and 6.14.4).
 *
 * @param segment SS as it will be
 * @param pointer ESP or SP as it will be, before anything is pushed
 * @param address linear address of SS's descriptor
 * @param descriptor SS's descriptor
 */
record InnerStack(SegmentRegister segment, long pointer, long address, Descriptor descriptor) {
  private static final int RSP0 = 4;
  private static final int IST1 = 36;

  /**
   * Reads SS and ESP of a level from a 16- or 32-bit TSS and checks the segment.
   *
   * @param level the new privilege level, 0 to 2
   * @param ext EXT bit of error codes
   */
  static InnerStack select(Vcpu cpu, int level, int ext) {
    boolean narrow = hasTss16(cpu);
    int width = narrow ? 2 : 4;
    int offset = level * 2 * width + width;
    long pointer = readTss(cpu, offset, width, width + 2, ext);
    int selector = (int) readTss(cpu, offset + width, 2, 2, ext);
    if (Selector.isNull(selector)) {
      throw GuestFault.of(Vector.TS, ext);
    }
    int code = Selector.errorCode(selector, ext);
    long address = DescriptorTables.require(cpu, selector, Vector.TS, ext);
    Descriptor d = DescriptorTables.read(cpu, address);
    if (Selector.rpl(selector) != level || d.dpl() != level || !d.isWritableData()) {
      throw GuestFault.of(Vector.TS, code);
    }
    if (!d.isPresent()) {
      throw GuestFault.of(Vector.SS, code);
    }
    SegmentRegister segment = new SegmentRegister();
    d.loadInto(segment, selector, d.access() | SegmentRegister.ACCESSED);
    return new InnerStack(segment, pointer, address, d);
  }

  /** RSP of a level from a 64-bit TSS. */
  static long pointer64(Vcpu cpu, int level, int ext) {
    return readTss(cpu, RSP0 + level * 8, 8, 8, ext);
  }

  /** An entry of the interrupt stack table, 1 to 7. */
  static long interruptStack(Vcpu cpu, int index, int ext) {
    return readTss(cpu, IST1 + (index - 1) * 8, 8, 8, ext);
  }

  /** Whether TR holds a 16-bit TSS. */
  static boolean hasTss16(Vcpu cpu) {
    return (cpu.tr().type() & ~Descriptor.BUSY) == Descriptor.TSS16_AVAILABLE;
  }

  /** Sets the accessed bit of the descriptor. */
  void markAccessed(Vcpu cpu) {
    DescriptorTables.markAccessed(cpu, address, descriptor);
  }

  private static long readTss(Vcpu cpu, int offset, int bytes, int needed, int ext) {
    SegmentRegister tr = cpu.tr();
    if (offset + needed - 1 > tr.limit()) {
      throw GuestFault.of(Vector.TS, Selector.errorCode(tr.selector(), ext));
    }
    return cpu.memory().readSystem(DescriptorTables.wrap(cpu, tr.base() + offset), bytes);
  }
}
