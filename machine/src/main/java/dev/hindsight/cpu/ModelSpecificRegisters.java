package dev.hindsight.cpu;

import java.util.Arrays;

/**
 * MSRs that are plain state of the CPU, by their architectural numbers (SDM volume 4). Numbers with
 * state elsewhere (EFER, FS.base, GS.base, the APIC's), and those that are constants of the model,
 * are not here. Which values a register takes is the business of WRMSR.
 */
public final class ModelSpecificRegisters {
  /** IA32_TSC_ADJUST: what the time-stamp counter is ahead of the clock. */
  public static final int TSC_ADJUST = 0x3B;

  public static final int SYSENTER_CS = 0x174;
  public static final int SYSENTER_ESP = 0x175;
  public static final int SYSENTER_EIP = 0x176;
  public static final int MCG_STATUS = 0x17A;
  public static final int MISC_ENABLE = 0x1A0;

  /** First of {@link #MTRR_PAIRS} pairs of a base and a mask. */
  public static final int MTRR_PHYSBASE0 = 0x200;

  /** Number of variable-range MTRRs. */
  public static final int MTRR_PAIRS = 8;

  public static final int MTRR_FIX64K_00000 = 0x250;
  public static final int MTRR_FIX16K_80000 = 0x258;
  public static final int MTRR_FIX16K_A0000 = 0x259;

  /** First of eight MTRRs of 4 KiB ranges. */
  public static final int MTRR_FIX4K_C0000 = 0x268;

  public static final int PAT = 0x277;
  public static final int MTRR_DEF_TYPE = 0x2FF;

  /** First of {@link #MCE_BANKS} groups of four: CTL, STATUS, ADDR, MISC. */
  public static final int MC0_CTL = 0x400;

  /** Number of machine-check banks. Nothing is ever reported in them. */
  public static final int MCE_BANKS = 2;

  public static final int STAR = 0xC000_0081;
  public static final int LSTAR = 0xC000_0082;
  public static final int CSTAR = 0xC000_0083;
  public static final int FMASK = 0xC000_0084;
  public static final int KERNEL_GS_BASE = 0xC000_0102;
  public static final int TSC_AUX = 0xC000_0103;

  /** PAT after reset: WB, WT, UC-, UC, twice. */
  public static final long PAT_RESET = 0x0007_0406_0007_0406L;

  /**
   * IA32_MISC_ENABLE after reset: fast strings, performance monitoring, no BTS, no PEBS, MONITOR.
   */
  public static final long MISC_ENABLE_RESET = 0x0004_1881L;

  private static final int[] NUMBERS = numbers();
  private static final int TSC_ADJUST_SLOT = slot(TSC_ADJUST);
  private static final int LSTAR_SLOT = slot(LSTAR);
  private static final int FMASK_SLOT = slot(FMASK);
  private static final int KERNEL_GS_BASE_SLOT = slot(KERNEL_GS_BASE);
  private static final int TSC_AUX_SLOT = slot(TSC_AUX);

  private final long[] values = new long[NUMBERS.length];

  /** All at their reset values. */
  public ModelSpecificRegisters() {
    reset();
  }

  private static int[] numbers() {
    int[] singles = {
      TSC_ADJUST,
      SYSENTER_CS,
      SYSENTER_ESP,
      SYSENTER_EIP,
      MCG_STATUS,
      MISC_ENABLE,
      MTRR_FIX64K_00000,
      MTRR_FIX16K_80000,
      MTRR_FIX16K_A0000,
      PAT,
      MTRR_DEF_TYPE,
      STAR,
      LSTAR,
      CSTAR,
      FMASK,
      KERNEL_GS_BASE,
      TSC_AUX
    };
    int fixed = singles.length;
    int[] all = Arrays.copyOf(singles, fixed + 2 * MTRR_PAIRS + 8 + 4 * MCE_BANKS);
    int at = fixed;
    for (int i = 0; i < 2 * MTRR_PAIRS; i++) {
      all[at++] = MTRR_PHYSBASE0 + i;
    }
    for (int i = 0; i < 8; i++) {
      all[at++] = MTRR_FIX4K_C0000 + i;
    }
    for (int i = 0; i < 4 * MCE_BANKS; i++) {
      all[at++] = MC0_CTL + i;
    }
    Arrays.sort(all);
    return all;
  }

  /** The state after RESET#. INIT leaves these registers alone. */
  public void reset() {
    Arrays.fill(values, 0);
    set(PAT, PAT_RESET);
    set(MISC_ENABLE, MISC_ENABLE_RESET);
  }

  /** Whether a number is one of these registers. */
  public static boolean has(int number) {
    return Arrays.binarySearch(NUMBERS, number) >= 0;
  }

  /** Value of a register. */
  public long get(int number) {
    return values[slot(number)];
  }

  /** {@link #TSC_ADJUST}, which each read of the time-stamp counter asks for. */
  public long tscAdjust() {
    return values[TSC_ADJUST_SLOT];
  }

  /** {@link #LSTAR}, for engines that execute system calls at once. */
  public long lstar() {
    return values[LSTAR_SLOT];
  }

  /** {@link #FMASK}. */
  public long fmask() {
    return values[FMASK_SLOT];
  }

  /** {@link #KERNEL_GS_BASE}. */
  public long kernelGsBase() {
    return values[KERNEL_GS_BASE_SLOT];
  }

  /** Writes {@link #KERNEL_GS_BASE} as it is. */
  public void kernelGsBase(long value) {
    values[KERNEL_GS_BASE_SLOT] = value;
  }

  /** {@link #TSC_AUX}. */
  public long tscAux() {
    return values[TSC_AUX_SLOT];
  }

  /** Writes a register as it is. */
  public void set(int number, long value) {
    values[slot(number)] = value;
  }

  /** All values, in an order that does not change: for saved state. */
  public long[] save() {
    return values.clone();
  }

  /** Becomes what {@link #save} had returned. */
  public void load(long[] saved) {
    System.arraycopy(saved, 0, values, 0, values.length);
  }

  private static int slot(int number) {
    int slot = Arrays.binarySearch(NUMBERS, number);
    if (slot < 0) {
      throw new IllegalArgumentException("no such MSR here: 0x" + Integer.toHexString(number));
    }
    return slot;
  }
}
