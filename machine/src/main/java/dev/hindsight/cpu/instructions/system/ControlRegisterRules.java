package dev.hindsight.cpu.instructions.system;

import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.CpuModel;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.SegmentRegister;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.Feature;

/**
 * What a write to CR0, CR3 or CR4 may do and what it entails (SDM volume 2, "MOV—Move to/from
 * Control Registers"; volume 3, sections 2.5, 4.4.1, 4.10.1 and 10.8.5). Each method changes all or
 * faults.
 */
public final class ControlRegisterRules {
  private static final int CR0_DEFINED =
      ControlRegisters.CR0_PE
          | ControlRegisters.CR0_MP
          | ControlRegisters.CR0_EM
          | ControlRegisters.CR0_TS
          | ControlRegisters.CR0_ET
          | ControlRegisters.CR0_NE
          | ControlRegisters.CR0_WP
          | ControlRegisters.CR0_AM
          | ControlRegisters.CR0_NW
          | ControlRegisters.CR0_CD
          | ControlRegisters.CR0_PG;

  /** A change of these reloads the PDPTE registers under PAE paging. */
  private static final int CR0_RELOADING =
      ControlRegisters.CR0_PG | ControlRegisters.CR0_CD | ControlRegisters.CR0_NW;

  /** A change of these reloads the PDPTE registers under PAE paging. */
  private static final int CR4_RELOADING =
      ControlRegisters.CR4_PAE
          | ControlRegisters.CR4_PGE
          | ControlRegisters.CR4_PSE
          | ControlRegisters.CR4_SMEP;

  private static final int CR4_BASE =
      ControlRegisters.CR4_VME
          | ControlRegisters.CR4_PVI
          | ControlRegisters.CR4_TSD
          | ControlRegisters.CR4_DE
          | ControlRegisters.CR4_PSE
          | ControlRegisters.CR4_PAE
          | ControlRegisters.CR4_MCE
          | ControlRegisters.CR4_PGE
          | ControlRegisters.CR4_PCE
          | ControlRegisters.CR4_OSFXSR
          | ControlRegisters.CR4_OSXMMEXCPT;

  private static final long CR3_NO_FLUSH = 1L << 63;
  private static final long PCID = 0xFFF;

  private static final long PDPTE_PRESENT = 1;

  /** Bits 2:1 and 8:5 of a PDPTE. */
  private static final long PDPTE_RESERVED = 0x1E6;

  private ControlRegisterRules() {}

  /** Writes CR0. Undefined bits are ignored, ET stays set. */
  public static void writeCr0(Vcpu cpu, long value) {
    ControlRegisters c = cpu.control();
    if (value >>> 32 != 0) {
      throw GuestFault.generalProtection(0);
    }
    int next = ((int) value & CR0_DEFINED) | ControlRegisters.CR0_ET;
    boolean paging = (next & ControlRegisters.CR0_PG) != 0;
    boolean wasPaging = c.cr0Has(ControlRegisters.CR0_PG);
    if ((paging && (next & ControlRegisters.CR0_PE) == 0)
        || ((next & ControlRegisters.CR0_NW) != 0 && (next & ControlRegisters.CR0_CD) == 0)) {
      throw GuestFault.generalProtection(0);
    }
    int efer = c.efer();
    if (paging && !wasPaging && c.eferHas(ControlRegisters.EFER_LME)) {
      requireLongModeIsConsistent(cpu);
      efer |= ControlRegisters.EFER_LMA;
    } else if (!paging && wasPaging) {
      if (c.cr4Has(ControlRegisters.CR4_PCIDE) || cpu.is64Bit()) {
        throw GuestFault.generalProtection(0);
      }
      efer &= ~ControlRegisters.EFER_LMA;
    }
    if (((next ^ c.cr0()) & CR0_RELOADING) != 0 && usesPdptes(next, c.cr4(), efer)) {
      loadPdptes(cpu, c.cr3());
    }
    c.efer(efer);
    c.cr0(next);
    cpu.updateMode();
  }

  private static void requireLongModeIsConsistent(Vcpu cpu) {
    boolean has16BitTss = is16BitTss(cpu.tr().type());
    if (!cpu.control().cr4Has(ControlRegisters.CR4_PAE) || cpu.cs().isLong() || has16BitTss) {
      throw GuestFault.generalProtection(0);
    }
  }

  /** Writes CR3, and the PDPTE registers under PAE paging. */
  public static void writeCr3(Vcpu cpu, long value) {
    ControlRegisters c = cpu.control();
    long next = value;
    if (c.cr4Has(ControlRegisters.CR4_PCIDE)) {
      next &= ~CR3_NO_FLUSH;
    }
    if (c.eferHas(ControlRegisters.EFER_LMA) && next >>> cpu.model().physicalAddressBits() != 0) {
      throw GuestFault.generalProtection(0);
    }
    if (usesPdptes(c.cr0(), c.cr4(), c.efer())) {
      loadPdptes(cpu, next);
    }
    c.cr3(next);
    cpu.updateMode();
  }

  /** Writes CR4. */
  public static void writeCr4(Vcpu cpu, long value) {
    ControlRegisters c = cpu.control();
    if ((value & ~(writableCr4(cpu.model()) & 0xFFFF_FFFFL)) != 0) {
      throw GuestFault.generalProtection(0);
    }
    int next = (int) value;
    boolean lma = c.eferHas(ControlRegisters.EFER_LMA);
    if (lma && (next & ControlRegisters.CR4_PAE) == 0) {
      throw GuestFault.generalProtection(0);
    }
    boolean startsPcids =
        (next & ControlRegisters.CR4_PCIDE) != 0 && !c.cr4Has(ControlRegisters.CR4_PCIDE);
    if (startsPcids && (!lma || (c.cr3() & PCID) != 0)) {
      throw GuestFault.generalProtection(0);
    }
    if (((next ^ c.cr4()) & CR4_RELOADING) != 0 && usesPdptes(c.cr0(), next, c.efer())) {
      loadPdptes(cpu, c.cr3());
    }
    c.cr4(next);
    cpu.updateMode();
  }

  /** Bits of CR4 that a model has. */
  static int writableCr4(CpuModel model) {
    int bits = CR4_BASE;
    if (model.has(Feature.LONG_MODE)) {
      bits |= ControlRegisters.CR4_UMIP | ControlRegisters.CR4_SMEP;
    }
    if (model.has(Feature.FSGSBASE)) {
      bits |= ControlRegisters.CR4_FSGSBASE;
    }
    if (model.has(Feature.PCID)) {
      bits |= ControlRegisters.CR4_PCIDE;
    }
    if (model.has(Feature.XSAVE)) {
      bits |= ControlRegisters.CR4_OSXSAVE;
    }
    if (model.has(Feature.SMAP)) {
      bits |= ControlRegisters.CR4_SMAP;
    }
    if (model.has(Feature.PKU)) {
      bits |= ControlRegisters.CR4_PKE;
    }
    return bits;
  }

  private static boolean usesPdptes(int cr0, int cr4, int efer) {
    return (cr0 & ControlRegisters.CR0_PG) != 0
        && (cr4 & ControlRegisters.CR4_PAE) != 0
        && (efer & ControlRegisters.EFER_LMA) == 0;
  }

  /**
   * Loads the PDPTE registers of PAE paging from memory, as a task switch does too; #GP(0), and
   * nothing changed, if one is present and has a reserved bit set.
   *
   * @param cr3 the CR3 in force from now on
   */
  public static void loadPdptes(Vcpu cpu, long cr3) {
    PhysicalMemory memory = cpu.physical();
    long table = cr3 & 0xFFFF_FFE0L;
    long reserved = PDPTE_RESERVED | -(1L << cpu.model().physicalAddressBits());
    long[] entries = new long[4];
    for (int n = 0; n < 4; n++) {
      entries[n] = memory.read(table + 8 * n, 8);
      if ((entries[n] & PDPTE_PRESENT) != 0 && (entries[n] & reserved) != 0) {
        throw GuestFault.generalProtection(0);
      }
    }
    for (int n = 0; n < 4; n++) {
      cpu.control().pdpte(n, entries[n]);
    }
  }

  /** #GP(0) unless the privilege level is 0. */
  static void requireSupervisor(Vcpu cpu) {
    if (cpu.cpl() != 0) {
      throw GuestFault.generalProtection(0);
    }
  }

  /** Whether a segment type is that of a 16-bit TSS: what {@link SegmentRegister#type} returns. */
  static boolean is16BitTss(int type) {
    return type == 1 || type == 3;
  }
}
