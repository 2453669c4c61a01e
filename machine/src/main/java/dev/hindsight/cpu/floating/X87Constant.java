package dev.hindsight.cpu.floating;

/**
 * The constants that the x87 can load. They are rounded as RC says, to all 64 bits whatever the
 * precision control, and raise no exception (SDM volume 1, section 8.3.4).
 */
public enum X87Constant {
  /** 1. */
  ONE(0x3FFF, Binary80.INTEGER, 0),
  /** Positive zero. */
  ZERO(0, 0, 0),
  /** Pi. */
  PI(0x4000, 0xC90F_DAA2_2168_C234L, 0xC4C6_628B_80DC_1CD1L),
  /** Binary logarithm of 10. */
  LOG2_10(0x4000, 0xD49A_784B_CD1B_8AFEL, 0x492B_F6FF_4DAF_DB4DL),
  /** Binary logarithm of e. */
  LOG2_E(0x3FFF, 0xB8AA_3B29_5C17_F0BBL, 0xBE87_FED0_691D_3E89L),
  /** Decimal logarithm of 2. */
  LOG10_2(0x3FFD, 0x9A20_9A84_FBCF_F798L, 0x8F89_59AC_0B7C_9179L),
  /** Natural logarithm of 2. */
  LN_2(0x3FFE, 0xB172_17F7_D1CF_79ABL, 0xC9E3_B398_03F2_F6AFL);

  private final int exponent;
  private final long high;
  private final long low;

  X87Constant(int exponent, long high, long low) {
    this.exponent = exponent;
    this.high = high;
    this.low = low;
  }

  /** Makes it the result, and leaves the flags alone. */
  public void load(ExtendedEnvironment e) {
    if (low == 0) {
      e.result(exponent, high);
      return;
    }
    int flags = e.flags;
    Binary80.roundFull(0, exponent, high, low, e);
    e.flags = flags;
  }
}
