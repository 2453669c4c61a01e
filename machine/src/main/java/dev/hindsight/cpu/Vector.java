package dev.hindsight.cpu;

/**
 * Exceptions, by their interrupt vectors (SDM volume 3, table "Protected-Mode Exceptions and
 * Interrupts").
 */
public enum Vector {
  /** Divide error. */
  DE(0, false),
  /** Debug exception. */
  DB(1, false),
  /** Non-maskable interrupt. */
  NMI(2, false),
  /** Breakpoint (INT3). */
  BP(3, false),
  /** Overflow (INTO). */
  OF(4, false),
  /** BOUND range exceeded. */
  BR(5, false),
  /** Undefined opcode. */
  UD(6, false),
  /** Device not available: no math coprocessor. */
  NM(7, false),
  /** Double fault. */
  DF(8, true),
  /** Invalid TSS. */
  TS(10, true),
  /** Segment not present. */
  NP(11, true),
  /** Stack-segment fault. */
  SS(12, true),
  /** General protection. */
  GP(13, true),
  /** Page fault. */
  PF(14, true),
  /** x87 floating-point error. */
  MF(16, false),
  /** Alignment check. */
  AC(17, true),
  /** Machine check. */
  MC(18, false),
  /** SIMD floating-point exception. */
  XM(19, false);

  private final int number;
  private final boolean hasErrorCode;

  Vector(int number, boolean hasErrorCode) {
    this.number = number;
    this.hasErrorCode = hasErrorCode;
  }

  /** Interrupt vector, 0 to 31. */
  public int number() {
    return number;
  }

  /** Whether delivery in protected and long mode pushes an error code. */
  public boolean hasErrorCode() {
    return hasErrorCode;
  }
}
