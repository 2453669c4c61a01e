package dev.hindsight.device.apic;

import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * The MSRs of a local APIC: IA32_APIC_BASE (1Bh), IA32_TSC_DEADLINE (6E0h) and, in x2APIC mode,
 * 800h to 83Fh (SDM volume 3, section "Extended XAPIC (x2APIC)").
 */
public final class X2apicRegisters {
  private static final int APIC_BASE = 0x1B;
  private static final int TSC_DEADLINE = 0x6E0;
  private static final int FIRST = 0x800;
  private static final int LAST = 0x83F;
  private static final long RESERVED_IN_BASE = 0x2FFL;

  /** Bits 13, 16, 17 and 20 to 31; delivery status, bit 12, is ignored. */
  private static final long RESERVED_IN_ICR = 0xFFF3_2000L;

  private final LocalApic apic;
  private final LongSupplier tscOffset;
  private final int physicalAddressBits;

  /**
   * The MSRs of an APIC.
   *
   * @param tscOffset the CPU's time-stamp counter minus the tick
   * @param physicalAddressBits MAXPHYADDR
   */
  public X2apicRegisters(LocalApic apic, LongSupplier tscOffset, int physicalAddressBits) {
    this.apic = apic;
    this.tscOffset = tscOffset;
    this.physicalAddressBits = physicalAddressBits;
  }

  /** RDMSR; empty if there is no such register. */
  public OptionalLong read(int number) {
    if (number == APIC_BASE) {
      return OptionalLong.of(apic.base());
    }
    if (number == TSC_DEADLINE) {
      return OptionalLong.of(apic.timer().tscDeadline(tscOffset.getAsLong()));
    }
    if (!apic.isX2apic() || number < FIRST || number > LAST) {
      return OptionalLong.empty();
    }
    int n = number - FIRST;
    if (n == ApicRegisters.ICR_LOW) {
      return OptionalLong.of(apic.icr());
    }
    return ApicRegisters.isReadable(n)
        ? OptionalLong.of(ApicRegisters.read(apic, n) & 0xFFFF_FFFFL)
        : OptionalLong.empty();
  }

  /** WRMSR; false if there is no such register, or it does not take the value. */
  public boolean write(int number, long value) {
    if (number == APIC_BASE) {
      boolean reserved = (value & RESERVED_IN_BASE) != 0 || value >>> physicalAddressBits != 0;
      return !reserved && apic.base(value);
    }
    if (number == TSC_DEADLINE) {
      apic.timer().tscDeadline(value, tscOffset.getAsLong());
      return true;
    }
    if (!apic.isX2apic() || number < FIRST || number > LAST) {
      return false;
    }
    return writeX2apic(number - FIRST, value);
  }

  /** Reserved bits must be 0 here, unlike in memory. */
  private boolean writeX2apic(int n, long value) {
    if ((value & reserved(n)) != 0) {
      return false;
    }
    switch (n) {
      case ApicRegisters.ICR_LOW -> apic.icr(value);
      case ApicRegisters.SELF_IPI -> apic.selfInterrupt((int) value);
      default -> {
        if (!ApicRegisters.isWritable(n)) {
          return false;
        }
        ApicRegisters.write(apic, n, (int) value);
      }
    }
    return true;
  }

  /** Bits of a register that must be written as 0. */
  private static long reserved(int n) {
    if (n >= ApicRegisters.LVT && n < ApicRegisters.LVT_END) {
      return ~(long) LocalVectorTable.defined(n - ApicRegisters.LVT);
    }
    return switch (n) {
      case ApicRegisters.ICR_LOW -> RESERVED_IN_ICR;
      case ApicRegisters.TPR, ApicRegisters.SELF_IPI -> ~0xFFL;
      case ApicRegisters.SVR -> ~0x3FFL;
      case ApicRegisters.DIVIDE -> ~0xBL;
      case ApicRegisters.EOI, ApicRegisters.ESR -> -1L;
      default -> ~0xFFFF_FFFFL;
    };
  }
}
