package dev.hindsight.x86;

/** A property of a row of the opcode table. */
public enum RowAttribute {
  /** Invalid in 64-bit mode. */
  NO_64("no64"),
  /** Valid in 64-bit mode only. */
  ONLY_64("only64"),
  /** In 64-bit mode the operand size is 64, or 16 with 66; 32 cannot be had. */
  DEFAULT_64("d64"),
  /** In 64-bit mode the operand size is 64 whatever the prefixes. */
  FORCE_64("f64"),
  /** Exists with an operand size of 16 bits only. */
  OPERAND_16("o16"),
  /** Exists with an operand size of 32 bits only. */
  OPERAND_32("o32"),
  /** Exists with an operand size of 64 bits only. */
  OPERAND_64("o64"),
  /** Exists with an address size of 16 bits only. */
  ADDRESS_16("a16"),
  /** Exists with an address size of 32 bits only. */
  ADDRESS_32("a32"),
  /** Exists with an address size of 64 bits only. */
  ADDRESS_64("a64"),
  /** Exists with REX.W or VEX.W clear only. */
  W0("W0"),
  /** Exists with REX.W or VEX.W set only. */
  W1("W1"),
  /** {@link #W0} holds in 64-bit mode only; elsewhere VEX.W is ignored. */
  W_IGNORED_OUTSIDE_64("WIG32"),
  /** Exists with VEX.L clear only. */
  L0("L0"),
  /** Exists with VEX.L set only. */
  L1("L1"),
  /** Exists with REX.B clear only. */
  REX_B_CLEAR("B0"),
  /** May carry LOCK where its first operand is memory. */
  LOCK("lock"),
  /** String instruction: F2 and F3 repeat it. */
  REPEAT("rep"),
  /**
   * The engine ends a block after it: it transfers control, or may change the mode, the privilege
   * level, a segment register, the paging or the interrupt flag, or start I/O.
   */
  ENDS_BLOCK("end"),
  /** ModRM.mod is taken as 3. */
  MOD_IGNORED("modignored"),
  /** Invalid unless destination, index and mask are three registers. */
  DISTINCT("distinct"),
  /**
   * A second encoding of an instruction, or one that the manual leaves blank although CPUs execute
   * it: for decoding, not for an assembler to choose.
   */
  ALIAS("alias");

  private final String notation;

  RowAttribute(String notation) {
    this.notation = notation;
  }

  /** How the opcode table writes it. */
  public String notation() {
    return notation;
  }

  /** Reads the table's notation. */
  static RowAttribute parse(String text) {
    for (RowAttribute attribute : values()) {
      if (attribute.notation.equals(text)) {
        return attribute;
      }
    }
    throw new IllegalArgumentException("not an attribute: " + text);
  }
}
