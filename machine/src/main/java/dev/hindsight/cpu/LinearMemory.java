package dev.hindsight.cpu;

import dev.hindsight.bus.PhysicalMemory;

/**
 * Memory as instructions see it: by linear address, through paging.
 *
 * <p>Accesses may be unaligned and cross pages; each either happens whole or faults before it
 * changes anything. The data accessors use the current privilege level and EFLAGS.AC; the {@code
 * system} ones are implicit supervisor accesses (descriptor tables, TSS).
 */
public final class LinearMemory {
  LinearMemory(Vcpu cpu, PhysicalMemory physical, TranslationCaches translations) {}

  /** Follows a change of paging mode, privilege level or EFLAGS.AC. */
  void updateContext() {}

  /** Reads a byte, zero-extended. */
  public int read8(long linear) {
    return 0;
  }

  /** Reads two bytes, zero-extended. */
  public int read16(long linear) {
    return 0;
  }

  /** Reads four bytes. */
  public int read32(long linear) {
    return 0;
  }

  /** Reads eight bytes. */
  public long read64(long linear) {
    return 0;
  }

  /** Writes a byte. */
  public void write8(long linear, int value) {}

  /** Writes two bytes. */
  public void write16(long linear, int value) {}

  /** Writes four bytes. */
  public void write32(long linear, int value) {}

  /** Writes eight bytes. */
  public void write64(long linear, long value) {}

  /**
   * Faults as a write would, and writes nothing. A read-modify-write instruction calls it before
   * its read, so that a fault says "write" and nothing has happened; it sets accessed and dirty
   * bits.
   */
  public void probeWrite(long linear, int bytes) {}

  /** Faults as a read would, and reads nothing. */
  public void probeRead(long linear, int bytes) {}

  /** An implicit supervisor read of 1, 2, 4 or 8 bytes, zero-extended. */
  public long readSystem(long linear, int bytes) {
    return 0;
  }

  /** An implicit supervisor write of 1, 2, 4 or 8 bytes. */
  public void writeSystem(long linear, int bytes, long value) {}

  /** Faults as {@link #writeSystem} would, and writes nothing. */
  public void probeSystemWrite(long linear, int bytes) {}

  /** Faults as {@link #readSystem} would, and reads nothing. */
  public void probeSystemRead(long linear, int bytes) {}
}
