package dev.hindsight.cpu.instructions.system;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.CpuModel;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.LinearMemory;
import dev.hindsight.cpu.ModelSpecificRegisters;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.pmu.PerformanceMonitor;
import dev.hindsight.x86.Feature;

/**
 * What each model-specific register reads as and takes (SDM volume 4, chapter 2, and the sections
 * of volume 3 on each). A number that the CPU does not know is asked for on the {@link
 * dev.hindsight.bus.MsrBus}; what nobody knows is #GP(0).
 */
public final class MsrRules {
  private static final int TSC = 0x10;
  private static final int PLATFORM_ID = 0x17;
  private static final int BIOS_SIGN_ID = 0x8B;
  private static final int MTRRCAP = 0xFE;
  private static final int ARCH_CAPABILITIES = 0x10A;
  private static final int MCG_CAP = 0x179;
  private static final int DEBUGCTL = 0x1D9;
  private static final int XSS = 0xDA0;
  public static final int EFER = 0xC000_0080;
  public static final int FS_BASE = 0xC000_0100;
  public static final int GS_BASE = 0xC000_0101;

  /** Revision 1 of microcode, which is never updated. */
  private static final long MICROCODE_REVISION = 1L << 32;

  /** Write-combining and fixed ranges supported, and the number of variable ranges. */
  private static final long MTRR_CAPABILITIES = 0x500 | ModelSpecificRegisters.MTRR_PAIRS;

  /**
   * What a CPU that does not speculate is immune to: RDCL_NO, SKIP_L1DFL_VMENTRY, SSB_NO, MDS_NO,
   * IF_PSCHANGE_MC_NO, TAA_NO, SBDR_SSDP_NO, FBSDP_NO, PSDP_NO, BHI_NO, PBRSB_NO, GDS_NO, RFDS_NO.
   */
  private static final long IMMUNITIES = 0x0D10_E179L;

  private static final long MISC_ENABLE_FAST_STRINGS = 1;
  private static final long MISC_ENABLE_MONITOR = 1L << 18;

  /** CPUID has no leaf above 2: for systems that are confused by more. */
  static final long MISC_ENABLE_LIMIT_CPUID = 1L << 22;

  private static final int EFER_WRITABLE =
      ControlRegisters.EFER_SCE | ControlRegisters.EFER_LME | ControlRegisters.EFER_NXE;

  private MsrRules() {}

  /** Reads a register; #GP(0) if there is none. */
  static long read(Vcpu cpu, int number) {
    CpuModel model = cpu.model();
    boolean isLong = model.has(Feature.LONG_MODE);
    if (!exists(model, number)) {
      return readBus(cpu, number);
    }
    return switch (number) {
      case TSC -> timeStamp(cpu);
      case PLATFORM_ID, DEBUGCTL, XSS -> 0;
      case BIOS_SIGN_ID -> MICROCODE_REVISION;
      case MTRRCAP -> MTRR_CAPABILITIES;
      case ARCH_CAPABILITIES -> IMMUNITIES;
      case MCG_CAP -> ModelSpecificRegisters.MCE_BANKS;
      case EFER -> cpu.control().efer() & 0xFFFF_FFFFL;
      case FS_BASE -> cpu.segment(4).base();
      case GS_BASE -> cpu.segment(5).base();
      case ModelSpecificRegisters.MISC_ENABLE ->
          isLong ? cpu.msrs().get(number) : cpu.msrs().get(number) & ~MISC_ENABLE_MONITOR;
      default ->
          PerformanceMonitor.has(number)
              ? cpu.pmu().read(number, cpu.steps())
              : cpu.msrs().get(number);
    };
  }

  /** Writes a register; #GP(0) if there is none or if it does not take the value. */
  public static void write(Vcpu cpu, int number, long value) {
    if (!exists(cpu.model(), number)) {
      if (!cpu.msrBus().write(cpu.index(), number, value)) {
        throw GuestFault.generalProtection(0);
      }
      cpu.endBlock();
      return;
    }
    switch (number) {
      case TSC -> {
        long ahead = cpu.msrs().tscAdjust();
        cpu.msrs().set(ModelSpecificRegisters.TSC_ADJUST, ahead + value - timeStamp(cpu));
      }
      case PLATFORM_ID, MTRRCAP, ARCH_CAPABILITIES, MCG_CAP ->
          throw GuestFault.generalProtection(0);
      case BIOS_SIGN_ID, DEBUGCTL, XSS -> require(value == 0);
      case EFER -> writeEfer(cpu, value);
      case FS_BASE -> cpu.segment(4).base(canonical(value));
      case GS_BASE -> cpu.segment(5).base(canonical(value));
      default -> {
        if (PerformanceMonitor.has(number)) {
          require(cpu.pmu().write(number, value, cpu.steps()));
          cpu.endBlock();
        } else {
          cpu.msrs().set(number, checked(cpu, number, value));
        }
      }
    }
  }

  /** The time-stamp counter. */
  static long timeStamp(Vcpu cpu) {
    return cpu.cpuPackage().readClock(cpu.tick()) + cpu.msrs().tscAdjust();
  }

  private static long readBus(Vcpu cpu, int number) {
    return cpu.msrBus()
        .read(cpu.index(), number)
        .orElseThrow(() -> GuestFault.generalProtection(0));
  }

  /** Whether a register is the CPU's own, in this model. */
  private static boolean exists(CpuModel model, int number) {
    return switch (number) {
      case TSC, PLATFORM_ID, BIOS_SIGN_ID, MTRRCAP, MCG_CAP, DEBUGCTL -> true;
      case EFER,
          FS_BASE,
          GS_BASE,
          ARCH_CAPABILITIES,
          ModelSpecificRegisters.TSC_ADJUST,
          ModelSpecificRegisters.STAR,
          ModelSpecificRegisters.LSTAR,
          ModelSpecificRegisters.CSTAR,
          ModelSpecificRegisters.FMASK,
          ModelSpecificRegisters.KERNEL_GS_BASE ->
          model.has(Feature.LONG_MODE);
      case ModelSpecificRegisters.TSC_AUX -> model.has(Feature.RDTSCP);
      case XSS -> model.has(Feature.XSAVES);
      default -> ModelSpecificRegisters.has(number) || PerformanceMonitor.has(number);
    };
  }

  /** The value that a write leaves in a register that is plain state; #GP(0) if it takes it not. */
  private static long checked(Vcpu cpu, int number, long value) {
    return switch (number) {
      case ModelSpecificRegisters.SYSENTER_ESP,
          ModelSpecificRegisters.SYSENTER_EIP,
          ModelSpecificRegisters.LSTAR,
          ModelSpecificRegisters.CSTAR,
          ModelSpecificRegisters.KERNEL_GS_BASE ->
          canonical(value);
      case ModelSpecificRegisters.SYSENTER_CS -> value & 0xFFFF_FFFFL;
      case ModelSpecificRegisters.FMASK, ModelSpecificRegisters.TSC_AUX -> {
        require(value >>> 32 == 0);
        yield value;
      }
      case ModelSpecificRegisters.MCG_STATUS -> {
        require((value & ~7L) == 0);
        yield value;
      }
      case ModelSpecificRegisters.MISC_ENABLE -> {
        long writable = MISC_ENABLE_FAST_STRINGS | MISC_ENABLE_MONITOR | MISC_ENABLE_LIMIT_CPUID;
        yield (cpu.msrs().get(number) & ~writable) | (value & writable);
      }
      case ModelSpecificRegisters.TSC_ADJUST, ModelSpecificRegisters.STAR -> value;
      default -> {
        if (number >= ModelSpecificRegisters.MC0_CTL
            && number < ModelSpecificRegisters.MC0_CTL + 4 * ModelSpecificRegisters.MCE_BANKS) {
          // CTL takes all; STATUS, ADDR and MISC can only be cleared
          require((number & 3) == 0 || value == 0);
        } else {
          require(MemoryTypes.accepts(number, value, cpu.model().physicalAddressBits()));
        }
        yield value;
      }
    };
  }

  private static void writeEfer(Vcpu cpu, long value) {
    ControlRegisters c = cpu.control();
    require((value & ~(long) (EFER_WRITABLE | ControlRegisters.EFER_LMA)) == 0);
    int next = (int) value & EFER_WRITABLE;
    boolean lmeChanges = ((next ^ c.efer()) & ControlRegisters.EFER_LME) != 0;
    require(!(lmeChanges && c.cr0Has(ControlRegisters.CR0_PG)));
    c.efer(next | (c.efer() & ControlRegisters.EFER_LMA));
    cpu.updateMode();
  }

  private static long canonical(long address) {
    require(LinearMemory.isCanonical(address));
    return address;
  }

  private static void require(boolean condition) {
    if (!condition) {
      throw GuestFault.generalProtection(0);
    }
  }
}
