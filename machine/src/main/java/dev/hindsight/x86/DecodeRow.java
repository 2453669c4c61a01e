package dev.hindsight.x86;

/** A row of the opcode table made ready for decoding in one mode. */
final class DecodeRow {
  // properties of an encoding, of which a row may exclude some
  static final int OPERAND_16 = 1;
  static final int OPERAND_32 = 1 << 1;
  static final int OPERAND_64 = 1 << 2;
  static final int ADDRESS_16 = 1 << 3;
  static final int ADDRESS_32 = 1 << 4;
  static final int ADDRESS_64 = 1 << 5;
  static final int W_CLEAR = 1 << 6;
  static final int W_SET = 1 << 7;
  static final int L_CLEAR = 1 << 8;
  static final int L_SET = 1 << 9;
  static final int B_SET = 1 << 10;

  final OpcodeRow row;
  final OperandSpec[] operands;

  /** Properties that an encoding must not have. */
  final int excluded;

  /** The r/m field that it needs, or -1. */
  final int rm;

  final boolean default64;
  final boolean force64;
  final boolean lock;
  final boolean repeat;
  final boolean modIgnored;
  final boolean distinct;

  /** Whether 66 is part of the opcode and so does not change the operand size. */
  final boolean mandatory66;

  /** Whether VEX.vvvv names an operand. */
  final boolean usesVvvv;

  DecodeRow(OpcodeRow row, CodeMode mode) {
    this.row = row;
    this.operands = row.operands().toArray(OperandSpec[]::new);
    this.rm = row.modrm().rm();
    this.default64 = row.has(RowAttribute.DEFAULT_64);
    this.force64 = row.has(RowAttribute.FORCE_64);
    this.lock = row.has(RowAttribute.LOCK);
    this.repeat = row.has(RowAttribute.REPEAT);
    this.modIgnored = row.has(RowAttribute.MOD_IGNORED);
    this.distinct = row.has(RowAttribute.DISTINCT);
    this.mandatory66 = row.prefix() == MandatoryPrefix.P66;
    this.usesVvvv =
        row.operands().stream()
            .anyMatch(
                o -> o.kind() == OperandKind.VVVV_GENERAL || o.kind() == OperandKind.VVVV_VECTOR);
    this.excluded = excluded(row, mode);
  }

  private static int excluded(OpcodeRow row, CodeMode mode) {
    int bits = 0;
    for (RowAttribute attribute : row.attributes()) {
      bits |=
          switch (attribute) {
            case OPERAND_16 -> OPERAND_32 | OPERAND_64;
            case OPERAND_32 -> OPERAND_16 | OPERAND_64;
            case OPERAND_64 -> OPERAND_16 | OPERAND_32;
            case ADDRESS_16 -> ADDRESS_32 | ADDRESS_64;
            case ADDRESS_32 -> ADDRESS_16 | ADDRESS_64;
            case ADDRESS_64 -> ADDRESS_16 | ADDRESS_32;
            case W0 -> W_SET;
            case W1 -> W_CLEAR;
            case L0 -> L_SET;
            case L1 -> L_CLEAR;
            case REX_B_CLEAR -> B_SET;
            default -> 0;
          };
    }
    if (row.has(RowAttribute.W_IGNORED_OUTSIDE_64) && mode != CodeMode.BITS64) {
      bits &= ~W_SET;
    }
    return bits;
  }
}
