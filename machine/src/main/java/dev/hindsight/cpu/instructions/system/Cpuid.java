package dev.hindsight.cpu.instructions.system;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.CpuModel;
import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.ModelSpecificRegisters;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.pmu.PerformanceMonitor;
import dev.hindsight.x86.Feature;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;

/**
 * CPUID (SDM volume 2, "CPUID"). The vendor is GenuineIntel; why, and what else was decided, is in
 * {@code docs/adr}.
 *
 * <p>A leaf above the highest basic one gives what that one gives, as Intel's processors do; an
 * extended leaf that there is not, zeros.
 */
public final class Cpuid {
  private static final int APIC_BASE = 0x1B;
  private static final long APIC_ENABLED = 1L << 11;

  /** Highest basic leaf. */
  private static final int HIGHEST = 0x16;

  /** Highest basic leaf while IA32_MISC_ENABLE limits it. */
  private static final int LIMITED = 2;

  /** The architectural events of leaf 0xA, all of which are there. */
  private static final int ARCHITECTURAL_EVENTS = 7;

  private static final String VENDOR = "GenuineIntel";

  /** 48 characters that leaves 0x80000002 to 0x80000004 give. */
  private static final String BRAND = "Hindsight virtual CPU, model ";

  /** Linear addresses have 48 bits with 64-bit mode, else 32. */
  private static final int LINEAR_BITS_LONG = 48;

  /**
   * The four registers that a leaf gives.
   *
   * @param eax EAX
   * @param ebx EBX
   * @param ecx ECX
   * @param edx EDX
   */
  public record Leaf(int eax, int ebx, int ecx, int edx) {
    static final Leaf ZERO = new Leaf(0, 0, 0, 0);
  }

  private Cpuid() {}

  static void register(SemanticTable.Builder table) {
    table.add(Mnemonic.CPUID, Cpuid::cpuid);
  }

  private static void cpuid(Vcpu cpu, Instruction in) {
    GeneralRegisters r = cpu.general();
    Leaf leaf = leaf(cpu, r.get32(GeneralRegisters.RAX), r.get32(GeneralRegisters.RCX));
    r.set32(GeneralRegisters.RAX, leaf.eax());
    r.set32(GeneralRegisters.RBX, leaf.ebx());
    r.set32(GeneralRegisters.RCX, leaf.ecx());
    r.set32(GeneralRegisters.RDX, leaf.edx());
  }

  /** What CPUID gives in the present state of a vCPU. */
  public static Leaf leaf(Vcpu cpu, int number, int subleaf) {
    if (number < 0 && number <= 0x8000_0008) {
      return extended(cpu, number);
    }
    if (number < 0) {
      return Leaf.ZERO;
    }
    int highest = highest(cpu);
    int n = Integer.compareUnsigned(number, highest) > 0 ? highest : number;
    return basic(cpu, n, subleaf);
  }

  private static int highest(Vcpu cpu) {
    long enables = cpu.msrs().get(ModelSpecificRegisters.MISC_ENABLE);
    return (enables & MsrRules.MISC_ENABLE_LIMIT_CPUID) != 0 ? LIMITED : HIGHEST;
  }

  private static Leaf basic(Vcpu cpu, int number, int subleaf) {
    return switch (number) {
      case 0 -> vendor(highest(cpu));
      case 1 -> versionAndFeatures(cpu);
      case 2 -> cacheDescriptors(cpu.model());
      case 4 -> CacheLeaves.cache(cpu.cpuPackage().vcpus(), subleaf);
      case 5 -> monitor(cpu.model());
      case 6 -> new Leaf(1 << 2, 0, 0, 0);
      case 7 -> subleaf == 0 ? structuredFeatures(cpu) : Leaf.ZERO;
      case 0xA -> performanceMonitoring();
      case 0xB -> topology(cpu, subleaf);
      case 0xD -> extendedState(cpu, subleaf);
      case 0x15 -> new Leaf(1, 1, (int) cpu.cpuPackage().ticksPerSecond(), 0);
      case 0x16 -> frequencies(cpu);
      default -> Leaf.ZERO;
    };
  }

  private static Leaf vendor(int highest) {
    return new Leaf(highest, word(VENDOR, 0), word(VENDOR, 8), word(VENDOR, 4));
  }

  /** Four characters as a little-endian number; zeros after its end. */
  private static int word(String text, int at) {
    int value = 0;
    for (int i = 3; i >= 0; i--) {
      int character = at + i < text.length() ? text.charAt(at + i) : 0;
      value = value << 8 | character;
    }
    return value;
  }

  // ---- leaf 1

  private static Leaf versionAndFeatures(Vcpu cpu) {
    CpuModel m = cpu.model();
    int count = cpu.cpuPackage().vcpus();
    int ebx = cpu.index() << 24 | CacheLeaves.roundedUp(count) << 16 | (CacheLeaves.LINE / 8) << 8;
    return new Leaf(m.signature(), ebx, features1Ecx(cpu), features1Edx(cpu, count));
  }

  private static int features1Ecx(Vcpu cpu) {
    CpuModel m = cpu.model();
    boolean x2Apic =
        m.has(Feature.LONG_MODE) && cpu.msrBus().read(cpu.index(), APIC_BASE).isPresent();
    boolean osxsave = cpu.control().cr4Has(ControlRegisters.CR4_OSXSAVE);
    return bit(0, m.has(Feature.SSE3))
        | bit(1, m.has(Feature.PCLMULQDQ))
        | bit(3, m.has(Feature.MONITOR) && MonitorInstructions.enabled(cpu))
        | bit(9, m.has(Feature.SSSE3))
        | bit(12, m.has(Feature.FMA))
        | bit(13, m.has(Feature.CX16))
        | 1 << 15 // PDCM: IA32_PERF_CAPABILITIES
        | bit(17, m.has(Feature.PCID))
        | bit(19, m.has(Feature.SSE4_1))
        | bit(20, m.has(Feature.SSE4_2))
        | bit(21, x2Apic)
        | bit(22, m.has(Feature.MOVBE))
        | bit(23, m.has(Feature.POPCNT))
        | bit(24, x2Apic)
        | bit(25, m.has(Feature.AES))
        | bit(26, m.has(Feature.XSAVE))
        | bit(27, osxsave)
        | bit(28, m.has(Feature.AVX))
        | bit(29, m.has(Feature.F16C))
        | bit(30, m.has(Feature.RDRAND));
  }

  private static int features1Edx(Vcpu cpu, int count) {
    CpuModel m = cpu.model();
    boolean apic = (cpu.msrBus().read(cpu.index(), APIC_BASE).orElse(0) & APIC_ENABLED) != 0;
    // VME, DE, PSE, PAE, MCE, MTRR, PGE, MCA, PAT and PSE-36 belong to every model
    int always = 1 << 1 | 1 << 2 | 1 << 3 | 1 << 6 | 1 << 7 | 1 << 12 | 1 << 13 | 1 << 14;
    return always
        | 1 << 16
        | 1 << 17
        | bit(0, m.has(Feature.FPU))
        | bit(4, m.has(Feature.TSC))
        | bit(5, m.has(Feature.MSR))
        | bit(8, m.has(Feature.CX8))
        | bit(9, apic)
        | bit(11, m.has(Feature.SEP))
        | bit(15, m.has(Feature.CMOV))
        | bit(19, m.has(Feature.CLFLUSH))
        | bit(23, m.has(Feature.MMX))
        | bit(24, m.has(Feature.FXSR))
        | bit(25, m.has(Feature.SSE))
        | bit(26, m.has(Feature.SSE2))
        | bit(28, count > 1);
  }

  // ---- other basic leaves

  /**
   * With 64-bit mode: the caches are in leaf 4 (FF), 32 entries for large pages (5A). Without, as
   * old systems know no leaf 4, the same caches by descriptors: 32 KiB L1 (2C, 30), 256 KiB L2
   * (7A), 8 MiB L3 (4D), 64 entries for 4 KiB pages (50).
   */
  private static Leaf cacheDescriptors(CpuModel model) {
    return model.has(Feature.LONG_MODE)
        ? new Leaf(0x00FF_5A01, 0, 0, 0)
        : new Leaf(0x7A30_2C01, 0, 0, 0x4D50);
  }

  /** Lines of 64 bytes; no extensions. */
  private static Leaf monitor(CpuModel model) {
    return model.has(Feature.MONITOR)
        ? new Leaf(CacheLeaves.LINE, CacheLeaves.LINE, 0, 0)
        : Leaf.ZERO;
  }

  private static Leaf structuredFeatures(Vcpu cpu) {
    CpuModel m = cpu.model();
    boolean isLong = m.has(Feature.LONG_MODE);
    int ebx =
        bit(0, m.has(Feature.FSGSBASE))
            | bit(1, isLong) // TSC_ADJUST
            | bit(3, m.has(Feature.BMI1))
            | bit(5, m.has(Feature.AVX2))
            | bit(7, isLong) // SMEP
            | bit(8, m.has(Feature.BMI2))
            | bit(10, m.has(Feature.INVPCID))
            | bit(18, m.has(Feature.RDSEED))
            | bit(19, m.has(Feature.ADX))
            | bit(20, m.has(Feature.SMAP))
            | bit(23, m.has(Feature.CLFLUSHOPT))
            | bit(24, m.has(Feature.CLWB))
            | bit(29, m.has(Feature.SHA));
    int ecx =
        bit(2, isLong) // UMIP
            | bit(3, m.has(Feature.PKU))
            | bit(4, cpu.control().cr4Has(ControlRegisters.CR4_PKE))
            | bit(22, m.has(Feature.RDPID));
    // Neither enhanced nor fast short REP MOVSB: a step is an iteration, and quadwords are faster.
    int edx = bit(29, isLong); // ARCH_CAPABILITIES
    return new Leaf(0, ebx, ecx, edx);
  }

  private static Leaf performanceMonitoring() {
    int eax =
        PerformanceMonitor.VERSION
            | PerformanceMonitor.GENERAL << 8
            | PerformanceMonitor.WIDTH << 16
            | ARCHITECTURAL_EVENTS << 24;
    int edx = PerformanceMonitor.FIXED | PerformanceMonitor.WIDTH << 5;
    return new Leaf(eax, 0, 0, edx);
  }

  /** One thread a core, all cores in one package; the x2APIC identifier is the vCPU's number. */
  private static Leaf topology(Vcpu cpu, int subleaf) {
    int count = cpu.cpuPackage().vcpus();
    int coreBits = Integer.numberOfTrailingZeros(CacheLeaves.roundedUp(count));
    int level = subleaf & 0xFF;
    return switch (level) {
      case 0 -> new Leaf(0, 1, 1 << 8, cpu.index());
      case 1 -> new Leaf(coreBits, count, 1 | 2 << 8, cpu.index());
      default -> new Leaf(0, 0, level, cpu.index());
    };
  }

  private static Leaf extendedState(Vcpu cpu, int subleaf) {
    CpuModel m = cpu.model();
    if (!m.has(Feature.XSAVE)) {
      return Leaf.ZERO;
    }
    long supported = ExtendedState.supported(m);
    long enabled = cpu.control().xcr0();
    return switch (subleaf) {
      case 0 ->
          new Leaf(
              (int) supported,
              ExtendedState.standardSize(enabled),
              ExtendedState.standardSize(supported),
              0);
      case 1 -> {
        // bit 2: XGETBV with ECX = 1
        int eax =
            bit(0, m.has(Feature.XSAVEOPT))
                | bit(1, m.has(Feature.XSAVEC))
                | bit(2, m.has(Feature.XSAVEC))
                | bit(3, m.has(Feature.XSAVES));
        yield new Leaf(eax, ExtendedState.compactedSize(enabled), 0, 0);
      }
      case 2 ->
          (supported & ExtendedState.AVX) != 0
              ? new Leaf(ExtendedState.AVX_BYTES, ExtendedState.EXTENDED, 0, 0)
              : Leaf.ZERO;
      case 9 ->
          (supported & ExtendedState.PKRU) != 0
              ? new Leaf(ExtendedState.PKRU_BYTES, ExtendedState.PKRU_OFFSET, 0, 0)
              : Leaf.ZERO;
      default -> Leaf.ZERO;
    };
  }

  private static Leaf frequencies(Vcpu cpu) {
    int megahertz = (int) (cpu.cpuPackage().ticksPerSecond() / 1_000_000);
    return new Leaf(megahertz, megahertz, megahertz, 0);
  }

  // ---- extended leaves

  private static Leaf extended(Vcpu cpu, int number) {
    CpuModel m = cpu.model();
    boolean isLong = m.has(Feature.LONG_MODE);
    return switch (number) {
      case 0x8000_0000 -> new Leaf(0x8000_0008, 0, 0, 0);
      case 0x8000_0001 -> extendedFeatures(cpu);
      case 0x8000_0002, 0x8000_0003, 0x8000_0004 -> brand(m, (number & 0xF) - 2);
      case 0x8000_0006 -> new Leaf(0, 0, CacheLeaves.l2ForExtendedLeaf(), 0);
      // the time-stamp counter runs at one rate, and in all states
      case 0x8000_0007 -> new Leaf(0, 0, 0, 1 << 8);
      case 0x8000_0008 ->
          new Leaf(m.physicalAddressBits() | (isLong ? LINEAR_BITS_LONG : 32) << 8, 0, 0, 0);
      default -> Leaf.ZERO;
    };
  }

  /** SYSCALL shows in 64-bit mode only, where alone it can be executed. */
  private static Leaf extendedFeatures(Vcpu cpu) {
    CpuModel m = cpu.model();
    boolean isLong = m.has(Feature.LONG_MODE);
    int ecx =
        bit(0, m.has(Feature.LAHF64))
            | bit(5, m.has(Feature.LZCNT))
            | bit(8, m.has(Feature.PREFETCHW));
    int edx =
        bit(11, m.has(Feature.SYSCALL) && cpu.is64Bit())
            | bit(20, isLong) // NX
            | bit(26, isLong) // 1 GiB pages
            | bit(27, m.has(Feature.RDTSCP))
            | bit(29, isLong);
    return new Leaf(0, 0, ecx, edx);
  }

  private static Leaf brand(CpuModel model, int part) {
    String text = BRAND + model.name();
    int at = 16 * part;
    return new Leaf(word(text, at), word(text, at + 4), word(text, at + 8), word(text, at + 12));
  }

  private static int bit(int n, boolean on) {
    return on ? 1 << n : 0;
  }
}
