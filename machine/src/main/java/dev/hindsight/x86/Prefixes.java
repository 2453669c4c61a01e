package dev.hindsight.x86;

/** Bits that tell which prefixes an {@link Instruction} was written with. */
public final class Prefixes {
  /** F0. */
  public static final int LOCK = 1;

  /** F3, where it is a repeat prefix (REP, REPE) and not part of the opcode. */
  public static final int REP = 1 << 1;

  /** F2, where it is a repeat prefix (REPNE) and not part of the opcode. */
  public static final int REPNE = 1 << 2;

  /** 66. */
  public static final int OPERAND_SIZE = 1 << 3;

  /** 67. */
  public static final int ADDRESS_SIZE = 1 << 4;

  /** A segment override. */
  public static final int SEGMENT = 1 << 5;

  /** A REX prefix of any value. */
  public static final int REX = 1 << 6;

  /** REX.W or VEX.W. */
  public static final int W = 1 << 7;

  /** A VEX prefix. */
  public static final int VEX = 1 << 8;

  /** VEX.L: 256-bit vectors. */
  public static final int VEX_L = 1 << 9;

  private Prefixes() {}
}
