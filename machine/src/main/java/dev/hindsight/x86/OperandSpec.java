package dev.hindsight.x86;

import org.jspecify.annotations.Nullable;

/**
 * How a row of the opcode table describes one operand.
 *
 * @param kind where it is encoded
 * @param size how big it is
 * @param register the register that is implied, for {@link OperandKind#FIXED} only
 */
public record OperandSpec(OperandKind kind, OperandSize size, @Nullable Register register) {

  /** Reads the table's notation, as in {@code Ev}, {@code sIb}, {@code [rDI]dq}, {@code XMM0}. */
  static OperandSpec parse(String text) {
    switch (text) {
      case "1":
        return new OperandSpec(OperandKind.ONE, OperandSize.BYTE, null);
      case "rAX":
        return new OperandSpec(OperandKind.ACCUMULATOR, OperandSize.OPERAND, null);
      case "eAX":
        return new OperandSpec(OperandKind.ACCUMULATOR, OperandSize.OPERAND_UP_TO_32, null);
      case "STi":
        return new OperandSpec(OperandKind.RM_X87, OperandSize.TBYTE, null);
      default:
        break;
    }
    for (Register register : Register.values()) {
      if (register.name().equals(text)) {
        return new OperandSpec(OperandKind.FIXED, OperandSize.NONE, register);
      }
    }
    OperandKind found = null;
    for (OperandKind kind : OperandKind.values()) {
      if (kind != OperandKind.FIXED
          && text.startsWith(kind.notation())
          && (found == null || kind.notation().length() > found.notation().length())) {
        found = kind;
      }
    }
    if (found == null) {
      throw new IllegalArgumentException("not an operand: " + text);
    }
    String size = text.substring(found.notation().length());
    return new OperandSpec(found, OperandSize.parse(size), null);
  }

  /** The table's notation. */
  @Override
  public String toString() {
    if (register != null) {
      return register.name();
    }
    return switch (kind) {
      case ONE, RM_X87 -> kind.notation();
      case ACCUMULATOR -> size == OperandSize.OPERAND ? "rAX" : "eAX";
      default -> kind.notation() + size.notation();
    };
  }
}
