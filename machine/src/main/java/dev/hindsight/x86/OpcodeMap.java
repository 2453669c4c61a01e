package dev.hindsight.x86;

/** An opcode map: what stands before the opcode byte. */
public enum OpcodeMap {
  /** The opcode byte stands alone. */
  ONE_BYTE("1", false, 1),
  /** 0F. */
  TWO_BYTE("0F", false, 2),
  /** 0F 38. */
  THREE_BYTE_38("0F38", false, 3),
  /** 0F 3A. */
  THREE_BYTE_3A("0F3A", false, 3),
  /** VEX with mmmmm = 1. */
  VEX_1("V1", true, 1),
  /** VEX with mmmmm = 2. */
  VEX_2("V2", true, 1),
  /** VEX with mmmmm = 3. */
  VEX_3("V3", true, 1);

  private final String notation;
  private final boolean vex;
  private final int opcodeBytes;

  OpcodeMap(String notation, boolean vex, int opcodeBytes) {
    this.notation = notation;
    this.vex = vex;
    this.opcodeBytes = opcodeBytes;
  }

  /** How the opcode table writes it. */
  public String notation() {
    return notation;
  }

  /** Whether a VEX prefix selects it. */
  public boolean isVex() {
    return vex;
  }

  /** Number of opcode bytes, escape bytes included and a VEX prefix not: 1 to 3. */
  public int opcodeBytes() {
    return opcodeBytes;
  }

  /** The VEX.mmmmm field that selects it, 1 to 3; 0 for a legacy map. */
  public int vexNumber() {
    return vex ? ordinal() - VEX_1.ordinal() + 1 : 0;
  }
}
