package dev.hindsight.x86;

/** What the prefixes 66, F2 and F3 (or VEX.pp) do to a row of the opcode table. */
public enum MandatoryPrefix {
  /** None selects the row: 66 gives the operand size, F2 and F3 repeat or are ignored. */
  ANY("-", -1),
  /** The row exists without any of them only. */
  NONE("NP", -1),
  /** The row exists without F2 and F3 only; 66 gives the operand size. */
  NO_REPEAT("NFx", -1),
  /** 66 is part of the opcode. */
  P66("66", 0x66),
  /** F3 is part of the opcode. */
  PF3("F3", 0xF3),
  /** F2 is part of the opcode. */
  PF2("F2", 0xF2);

  private final String notation;
  private final int prefixByte;

  MandatoryPrefix(String notation, int prefixByte) {
    this.notation = notation;
    this.prefixByte = prefixByte;
  }

  /** How the opcode table writes it. */
  public String notation() {
    return notation;
  }

  /** The byte that an encoding must carry (0x66, 0xF2 or 0xF3), or -1. */
  public int prefixByte() {
    return prefixByte;
  }

  /** The VEX.pp field: 0 none, 1 for 66, 2 for F3, 3 for F2. */
  public int vexPp() {
    return switch (this) {
      case P66 -> 1;
      case PF3 -> 2;
      case PF2 -> 3;
      default -> 0;
    };
  }
}
