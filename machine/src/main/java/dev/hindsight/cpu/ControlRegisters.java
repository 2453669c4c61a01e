package dev.hindsight.cpu;

import dev.hindsight.cpu.paging.PagingMode;

/**
 * CR0, CR2, CR3, CR4, XCR0 and EFER as plain state. What a write to them may change, and what it
 * entails, is the business of the instruction; {@link Vcpu#updateMode()} must follow.
 */
public final class ControlRegisters {
  public static final int CR0_PE = 1;
  public static final int CR0_MP = 1 << 1;
  public static final int CR0_EM = 1 << 2;
  public static final int CR0_TS = 1 << 3;
  public static final int CR0_ET = 1 << 4;
  public static final int CR0_NE = 1 << 5;
  public static final int CR0_WP = 1 << 16;
  public static final int CR0_AM = 1 << 18;
  public static final int CR0_NW = 1 << 29;
  public static final int CR0_CD = 1 << 30;
  public static final int CR0_PG = 1 << 31;

  public static final int CR4_VME = 1;
  public static final int CR4_PVI = 1 << 1;
  public static final int CR4_TSD = 1 << 2;
  public static final int CR4_DE = 1 << 3;
  public static final int CR4_PSE = 1 << 4;
  public static final int CR4_PAE = 1 << 5;
  public static final int CR4_MCE = 1 << 6;
  public static final int CR4_PGE = 1 << 7;
  public static final int CR4_PCE = 1 << 8;
  public static final int CR4_OSFXSR = 1 << 9;
  public static final int CR4_OSXMMEXCPT = 1 << 10;
  public static final int CR4_UMIP = 1 << 11;
  public static final int CR4_FSGSBASE = 1 << 16;
  public static final int CR4_PCIDE = 1 << 17;
  public static final int CR4_OSXSAVE = 1 << 18;
  public static final int CR4_SMEP = 1 << 20;
  public static final int CR4_SMAP = 1 << 21;
  public static final int CR4_PKE = 1 << 22;

  public static final int EFER_SCE = 1;
  public static final int EFER_LME = 1 << 8;
  public static final int EFER_LMA = 1 << 10;
  public static final int EFER_NXE = 1 << 11;

  private int cr0 = CR0_ET | CR0_NW | CR0_CD;
  private long cr2;
  private long cr3;
  private int cr4;
  private int efer;
  private long xcr0 = 1;
  private int pkru;
  private final long[] pdpte = new long[4];

  /** CR0; bits 63:32 are always 0. */
  public int cr0() {
    return cr0;
  }

  /** Writes CR0 as it is. */
  public void cr0(int value) {
    cr0 = value;
  }

  /** Linear address of the last page fault. */
  public long cr2() {
    return cr2;
  }

  /** Writes CR2. */
  public void cr2(long value) {
    cr2 = value;
  }

  /** CR3: physical address of the paging structure's root, PCID or PWT and PCD in bits 11:0. */
  public long cr3() {
    return cr3;
  }

  /** Writes CR3 as it is. */
  public void cr3(long value) {
    cr3 = value;
  }

  /** CR4; bits 63:32 are always 0. */
  public int cr4() {
    return cr4;
  }

  /** Writes CR4 as it is. */
  public void cr4(int value) {
    cr4 = value;
  }

  /** EFER. */
  public int efer() {
    return efer;
  }

  /** Writes EFER as it is. */
  public void efer(int value) {
    efer = value;
  }

  /** XCR0: state components that the XSAVE family handles. */
  public long xcr0() {
    return xcr0;
  }

  /** Writes XCR0 as it is. */
  public void xcr0(long value) {
    xcr0 = value;
  }

  /** PKRU: rights by protection key. */
  public int pkru() {
    return pkru;
  }

  /** Writes PKRU. */
  public void pkru(int value) {
    pkru = value;
  }

  /** A PDPTE register of PAE paging (SDM volume 3, section 4.4.1), 0 to 3. */
  public long pdpte(int n) {
    return pdpte[n];
  }

  /** Writes a PDPTE register. */
  public void pdpte(int n, long value) {
    pdpte[n] = value;
  }

  /** Whether a bit of CR0 is set. */
  public boolean cr0Has(int bit) {
    return (cr0 & bit) != 0;
  }

  /** Whether a bit of CR4 is set. */
  public boolean cr4Has(int bit) {
    return (cr4 & bit) != 0;
  }

  /** Whether a bit of EFER is set. */
  public boolean eferHas(int bit) {
    return (efer & bit) != 0;
  }

  /** The paging mode that CR0.PG, CR4.PAE and EFER.LMA make. */
  public PagingMode pagingMode() {
    if (!cr0Has(CR0_PG)) {
      return PagingMode.NONE;
    }
    if (!cr4Has(CR4_PAE)) {
      return PagingMode.BITS32;
    }
    return eferHas(EFER_LMA) ? PagingMode.FOUR_LEVEL : PagingMode.PAE;
  }

  /**
   * Physical address of the paging structure that CR3 names, or 0 without paging (SDM volume 3,
   * tables 4-3, 4-7 and 4-12).
   */
  public long pagingRoot() {
    return switch (pagingMode()) {
      case NONE -> 0;
      case BITS32 -> cr3() & 0xFFFF_F000L;
      case PAE -> cr3() & 0xFFFF_FFE0L;
      case FOUR_LEVEL -> cr3() & 0x000F_FFFF_FFFF_F000L;
    };
  }

  /** The values after RESET#. */
  public void reset() {
    init();
    cr0 = CR0_ET | CR0_NW | CR0_CD;
    xcr0 = 1;
  }

  /** The values after INIT: CR0.CD, CR0.NW and XCR0 stay. */
  public void init() {
    cr0 = (cr0 & (CR0_NW | CR0_CD)) | CR0_ET;
    cr2 = 0;
    cr3 = 0;
    cr4 = 0;
    efer = 0;
    pkru = 0;
    for (int i = 0; i < pdpte.length; i++) {
      pdpte[i] = 0;
    }
  }

  /** CR0, CR2, CR3, CR4, EFER, XCR0, PKRU, PDPTE 0 to 3. */
  long[] save() {
    return new long[] {
      cr0, cr2, cr3, cr4, efer, xcr0, pkru, pdpte[0], pdpte[1], pdpte[2], pdpte[3]
    };
  }

  /** The reverse of {@link #save}. */
  void load(long[] state) {
    cr0 = (int) state[0];
    cr2 = state[1];
    cr3 = state[2];
    cr4 = (int) state[3];
    efer = (int) state[4];
    xcr0 = state[5];
    pkru = (int) state[6];
    System.arraycopy(state, 7, pdpte, 0, 4);
  }
}
