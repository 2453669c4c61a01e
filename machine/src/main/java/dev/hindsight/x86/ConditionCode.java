package dev.hindsight.x86;

/** The condition of Jcc, SETcc and CMOVcc as its encoding, 0 to 15. */
public final class ConditionCode {
  /** Not a conditional instruction. */
  public static final int NONE = -1;

  /** Overflow. */
  public static final int O = 0;

  /** Below: CF. */
  public static final int B = 2;

  /** Above or equal: not CF. */
  public static final int AE = 3;

  /** Equal: ZF. */
  public static final int E = 4;

  /** Not equal: not ZF. */
  public static final int NE = 5;

  /** Below or equal: CF or ZF. */
  public static final int BE = 6;

  /** Above: neither CF nor ZF. */
  public static final int A = 7;

  /** Sign: SF. */
  public static final int S = 8;

  /** Greater, of signed numbers. */
  public static final int G = 15;

  private ConditionCode() {}

  /** The condition of a jump, or {@link #NONE}. */
  public static int ofJump(Mnemonic m) {
    return relativeTo(m, Mnemonic.JO);
  }

  /** The condition of SETcc, or {@link #NONE}. */
  public static int ofSet(Mnemonic m) {
    return relativeTo(m, Mnemonic.SETO);
  }

  /** The condition of CMOVcc, or {@link #NONE}. */
  public static int ofMove(Mnemonic m) {
    return relativeTo(m, Mnemonic.CMOVO);
  }

  /** {@link Mnemonic} lists each family in the order of its encodings. */
  private static int relativeTo(Mnemonic m, Mnemonic first) {
    int n = m.ordinal() - first.ordinal();
    return n >= 0 && n < 16 ? n : NONE;
  }
}
