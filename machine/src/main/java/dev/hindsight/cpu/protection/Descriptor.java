package dev.hindsight.cpu.protection;

import dev.hindsight.cpu.SegmentRegister;

/**
 * An entry of a descriptor table (SDM volume 3, sections 3.4.5, 3.5, 5.8.3 and 6.11).
 *
 * @param raw its first eight bytes, little-endian
 * @param upper the second eight bytes of a system descriptor or gate of IA-32e mode, else 0
 */
record Descriptor(long raw, long upper) {
  static final int TSS16_AVAILABLE = 1;
  static final int LDT = 2;
  static final int TSS16_BUSY = 3;
  static final int CALL_GATE16 = 4;
  static final int TASK_GATE = 5;
  static final int INTERRUPT_GATE16 = 6;
  static final int TRAP_GATE16 = 7;
  static final int TSS32_AVAILABLE = 9;
  static final int TSS32_BUSY = 11;
  static final int CALL_GATE32 = 12;
  static final int INTERRUPT_GATE32 = 14;
  static final int TRAP_GATE32 = 15;

  /** What turns an available TSS type into the busy one. */
  static final int BUSY = 2;

  /** Access byte: P, DPL, S, type. */
  int access() {
    return (int) (raw >>> 40) & 0xFF;
  }

  /** AVL 1, L 2, D/B 4, G 8. */
  int flags() {
    return (int) (raw >>> 52) & 0xF;
  }

  /** Type field, 0 to 15; a system type unless {@link #isCodeOrData()}. */
  int type() {
    return access() & 0xF;
  }

  /** Descriptor privilege level. */
  int dpl() {
    return (access() >>> 5) & 3;
  }

  /** P. */
  boolean isPresent() {
    return (access() & SegmentRegister.PRESENT) != 0;
  }

  /** S: not a system segment or gate. */
  boolean isCodeOrData() {
    return (access() & SegmentRegister.S) != 0;
  }

  /** A code segment. */
  boolean isCode() {
    return isCodeOrData() && (access() & SegmentRegister.CODE) != 0;
  }

  /** A conforming code segment. */
  boolean isConforming() {
    return isCode() && (access() & SegmentRegister.EXPAND_DOWN_OR_CONFORMING) != 0;
  }

  /** A data segment, or a code segment that may be read. */
  boolean isReadable() {
    return isCodeOrData()
        && ((access() & SegmentRegister.CODE) == 0
            || (access() & SegmentRegister.WRITABLE_OR_READABLE) != 0);
  }

  /** A data segment that may be written. */
  boolean isWritableData() {
    return isCodeOrData()
        && (access() & (SegmentRegister.CODE | SegmentRegister.WRITABLE_OR_READABLE))
            == SegmentRegister.WRITABLE_OR_READABLE;
  }

  /** L. */
  boolean isLong() {
    return (flags() & SegmentRegister.LONG) != 0;
  }

  /** D or B. */
  boolean isBig() {
    return (flags() & SegmentRegister.DEFAULT_BIG) != 0;
  }

  /** A system descriptor (S clear) of a type. */
  boolean isSystem(int type) {
    return !isCodeOrData() && type() == type;
  }

  /** A TSS, 16 or 32 (or 64) bits, available. */
  boolean isAvailableTss() {
    return isSystem(TSS16_AVAILABLE) || isSystem(TSS32_AVAILABLE);
  }

  /** A TSS, 16 or 32 (or 64) bits, busy. */
  boolean isBusyTss() {
    return isSystem(TSS16_BUSY) || isSystem(TSS32_BUSY);
  }

  /** Segment base, with the upper half that system segments of IA-32e mode have. */
  long base() {
    return (raw >>> 16 & 0xFF_FFFF) | (raw >>> 32 & 0xFF00_0000L) | (upper << 32);
  }

  /** Segment limit in bytes, granularity applied: 0 to 0xFFFFFFFF. */
  long limit() {
    long limit = (raw & 0xFFFF) | (raw >>> 32 & 0xF_0000);
    return (flags() & SegmentRegister.GRANULAR) != 0 ? limit << 12 | 0xFFF : limit;
  }

  /** Selector field of a gate. */
  int gateSelector() {
    return (int) (raw >>> 16) & 0xFFFF;
  }

  /** Offset field of a gate of 32 or 64 bits. */
  long gateOffset() {
    return (raw & 0xFFFF) | (raw >>> 32 & 0xFFFF_0000L) | (upper << 32);
  }

  /** Number of parameters that a call gate copies, 0 to 31. */
  int parameterCount() {
    return (int) (raw >>> 32) & 0x1F;
  }

  /** Interrupt stack table index of a 64-bit interrupt or trap gate, 0 to 7; 0 is none. */
  int interruptStack() {
    return (int) (raw >>> 32) & 7;
  }

  /** Fills a segment register from a segment descriptor. */
  void loadInto(SegmentRegister register, int selector, int access) {
    register.set(selector, base(), limit(), access, flags());
  }
}
