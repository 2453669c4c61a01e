package dev.hindsight.cpu.protection;

import dev.hindsight.cpu.Vcpu;
import org.jspecify.annotations.Nullable;

/**
 * What a program may learn of a descriptor without loading it: LAR, LSL, VERR and VERW (SDM volume
 * 2; volume 3, section 5.10).
 */
public final class SegmentInspection {
  /** The answer for a descriptor that is not there, of no suitable type, or too privileged. */
  public static final long INVISIBLE = -1;

  /** G, D/B, L, AVL, limit 19:16, P, DPL, S and type: LAR shows the limit bits too. */
  private static final long ACCESS_RIGHTS = 0x00FF_FF00;

  /** System types that LAR admits, as bits: TSS, LDT, call and task gates. */
  private static final int LAR_TYPES = 0x1A3E;

  /** System types that LSL admits, as bits: TSS and LDT. */
  private static final int LSL_TYPES = 0x0A0E;

  /** In IA-32e mode: LDT, 64-bit TSS, 64-bit call gate. */
  private static final int LONG_TYPES = 0x1A04;

  private SegmentInspection() {}

  /** Result of LAR, 32 bits, or {@link #INVISIBLE}. */
  public static long accessRights(Vcpu cpu, int selector) {
    Descriptor d = find(cpu, selector, LAR_TYPES);
    return d == null ? INVISIBLE : d.raw() >>> 32 & ACCESS_RIGHTS;
  }

  /** Result of LSL, 32 bits, or {@link #INVISIBLE}. */
  public static long limit(Vcpu cpu, int selector) {
    Descriptor d = find(cpu, selector, LSL_TYPES);
    return d == null ? INVISIBLE : d.limit();
  }

  /** Result of VERR. */
  public static boolean isReadable(Vcpu cpu, int selector) {
    Descriptor d = find(cpu, selector, 0);
    return d != null && d.isReadable();
  }

  /** Result of VERW. */
  public static boolean isWritable(Vcpu cpu, int selector) {
    Descriptor d = find(cpu, selector, 0);
    return d != null && d.isWritableData();
  }

  private static @Nullable Descriptor find(Vcpu cpu, int selector, int systemTypes) {
    if (Selector.isNull(selector)) {
      return null;
    }
    long address = DescriptorTables.address(cpu, selector, 8);
    if (address == DescriptorTables.OUTSIDE) {
      return null;
    }
    Descriptor d = DescriptorTables.read(cpu, address);
    if (!d.isCodeOrData()) {
      int types = cpu.isLongMode() ? systemTypes & LONG_TYPES : systemTypes;
      if ((types >>> d.type() & 1) == 0) {
        return null;
      }
    }
    return SegmentLoader.privilegeAllowsData(d, cpu.cpl(), Selector.rpl(selector)) ? d : null;
  }
}
