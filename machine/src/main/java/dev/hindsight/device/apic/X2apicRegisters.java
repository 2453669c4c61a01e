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
      long tick = apic.timer().deadlineTick();
      return OptionalLong.of(tick == 0 ? 0 : tick + tscOffset.getAsLong());
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
      apic.timer().deadlineTick(value == 0 ? 0 : Math.max(value - tscOffset.getAsLong(), 1));
      return true;
    }
    if (!apic.isX2apic() || number < FIRST || number > LAST) {
      return false;
    }
    return writeX2apic(number - FIRST, value);
  }

  private boolean writeX2apic(int n, long value) {
    if (n == ApicRegisters.ICR_LOW) {
      apic.icr(value);
      return true;
    }
    if (value >>> 32 != 0) {
      return false;
    }
    if (n == ApicRegisters.SELF_IPI) {
      apic.selfInterrupt((int) value);
      return true;
    }
    boolean mustBeZero = n == ApicRegisters.EOI || n == ApicRegisters.ESR;
    if (!ApicRegisters.isWritable(n) || (mustBeZero && value != 0)) {
      return false;
    }
    ApicRegisters.write(apic, n, (int) value);
    return true;
  }
}
