package dev.hindsight.x86;

/** Size of an operand: the codes of Intel SDM volume 2, appendix A.2.2, and a few more. */
public enum OperandSize {
  /** No size: the operand is an address or an area whose layout the instruction knows. */
  NONE("", 0),
  /** b: 8 bits. */
  BYTE("b", 8),
  /** w: 16 bits. */
  WORD("w", 16),
  /** d: 32 bits. */
  DWORD("d", 32),
  /** q: 64 bits. */
  QWORD("q", 64),
  /** t: 80 bits. */
  TBYTE("t", 80),
  /** dq: 128 bits. */
  DQWORD("dq", 128),
  /** qq: 256 bits. */
  QQWORD("qq", 256),
  /** ss: a scalar of single precision. */
  SCALAR_SINGLE("ss", 32),
  /** sd: a scalar of double precision. */
  SCALAR_DOUBLE("sd", 64),
  /** v: the operand size. */
  OPERAND("v", -1),
  /** z: the operand size, at most 32. */
  OPERAND_UP_TO_32("z", -1),
  /** y: 32, or 64 where the operand size is 64. */
  DWORD_OR_QWORD("y", -1),
  /** x: 128, or 256 with VEX.L. */
  VECTOR("x", -1),
  /** ps: like x, packed single precision. */
  PACKED_SINGLE("ps", -1),
  /** pd: like x, packed double precision. */
  PACKED_DOUBLE("pd", -1),
  /** h: half a vector. */
  HALF_VECTOR("h", -1),
  /** p: a far pointer: selector and an offset of the operand size. */
  FAR("p", -1),
  /** a: two bounds of the operand size each. */
  BOUNDS("a", -1),
  /** s: limit and base of a descriptor table: 48, or 80 in 64-bit mode. */
  DESCRIPTOR_TABLE("s", -1);

  private final String notation;
  private final int fixedBits;

  OperandSize(String notation, int fixedBits) {
    this.notation = notation;
    this.fixedBits = fixedBits;
  }

  /** How the opcode table writes it. */
  public String notation() {
    return notation;
  }

  /**
   * Size in bits.
   *
   * @param operandBits effective operand size: 16, 32 or 64
   * @param vectorBits 128, or 256 with VEX.L
   * @param mode the code's mode
   */
  public int bits(int operandBits, int vectorBits, CodeMode mode) {
    return switch (this) {
      case OPERAND -> operandBits;
      case OPERAND_UP_TO_32 -> Math.min(operandBits, 32);
      case DWORD_OR_QWORD -> operandBits == 64 ? 64 : 32;
      case VECTOR, PACKED_SINGLE, PACKED_DOUBLE -> vectorBits;
      case HALF_VECTOR -> vectorBits / 2;
      case FAR -> operandBits + 16;
      case BOUNDS -> operandBits * 2;
      case DESCRIPTOR_TABLE -> mode == CodeMode.BITS64 ? 80 : 48;
      default -> fixedBits;
    };
  }

  /** Reads the table's notation. */
  static OperandSize parse(String text) {
    for (OperandSize size : values()) {
      if (size.notation.equals(text)) {
        return size;
      }
    }
    throw new IllegalArgumentException("not an operand size: " + text);
  }
}
