package dev.hindsight.device.apic;

import dev.hindsight.bus.IoRegion;

/**
 * The registers of a local APIC in memory. They are 32 bits wide and 16 bytes apart; other bytes
 * read as 0 and swallow writes. In x2APIC mode, and if the APIC is disabled, nothing answers.
 */
public final class XapicRegisters implements IoRegion {
  /** Bytes of address space. */
  public static final int LENGTH = 4096;

  private final LocalApic apic;

  /** The registers of an APIC. */
  public XapicRegisters(LocalApic apic) {
    this.apic = apic;
  }

  private boolean answers() {
    return apic.isEnabled() && !apic.isX2apic();
  }

  @Override
  public long read(long offset, int bytes) {
    int n = number(offset);
    if (answers() && !isThere(n)) {
      apic.illegalRegister();
    }
    return peek(offset, bytes);
  }

  @Override
  public long peek(long offset, int bytes) {
    return shown(offset) & mask(bytes);
  }

  private long shown(long offset) {
    if (!answers()) {
      return -1;
    }
    int byteInRegister = (int) offset & 15;
    if (byteInRegister >= 4) {
      return 0;
    }
    long value = ApicRegisters.read(apic, number(offset)) & 0xFFFF_FFFFL;
    return value >>> (8 * byteInRegister);
  }

  private static long mask(int bytes) {
    return -1L >>> (64 - 8 * bytes);
  }

  private static int number(long offset) {
    return (int) offset >>> 4 & 0xFF;
  }

  private static boolean isThere(int n) {
    return ApicRegisters.isReadable(n)
        || n == ApicRegisters.APR
        || n == ApicRegisters.EOI
        || n == ApicRegisters.RRD
        || n == ApicRegisters.DFR
        || n == ApicRegisters.ICR_HIGH;
  }

  @Override
  public void write(long offset, int bytes, long written) {
    if (!answers() || (offset & 15) != 0) {
      return;
    }
    int n = number(offset);
    int value = (int) (written & mask(bytes));
    switch (n) {
      case ApicRegisters.ID -> apic.id(value);
      case ApicRegisters.LDR -> apic.ldr(value);
      case ApicRegisters.DFR -> apic.dfr(value);
      case ApicRegisters.ICR_LOW ->
          apic.icr((apic.icr() & 0xFFFF_FFFF_0000_0000L) | (value & 0xFFFF_FFFFL));
      case ApicRegisters.ICR_HIGH -> apic.icrHigh(value);
      default -> {
        if (ApicRegisters.isWritable(n)) {
          ApicRegisters.write(apic, n, value);
        } else if (!isThere(n)) {
          apic.illegalRegister();
        }
      }
    }
  }
}
