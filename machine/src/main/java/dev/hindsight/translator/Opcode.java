package dev.hindsight.translator;

/**
 * An opcode of the host.
 *
 * @param prefix 66, F2 or F3 (hexadecimal), or 0
 * @param map 0 for one byte, 1 for 0F, 2 for 0F 38, 3 for 0F 3A
 * @param opcode the opcode byte
 */
record Opcode(int prefix, int map, int opcode) {
  static final Opcode MOV_LOAD = of(0x8B);
  static final Opcode MOV_STORE = of(0x89);
  static final Opcode MOV_IMMEDIATE = of(0xC7);
  static final Opcode LEA = of(0x8D);
  static final Opcode GROUP1 = of(0x81);
  static final Opcode GROUP1_BYTE = of(0x83);
  static final Opcode GROUP2_BYTE = of(0xC1);
  static final Opcode GROUP3 = of(0xF7);
  static final Opcode GROUP5 = of(0xFF);
  static final Opcode ADD = of(0x03);
  static final Opcode SUB = of(0x2B);
  static final Opcode XOR = of(0x33);
  static final Opcode CMP = of(0x3B);
  static final Opcode TEST = of(0x85);
  static final Opcode RORX = new Opcode(0xF2, 3, 0xF0);

  /** A one-byte opcode without a prefix. */
  static Opcode of(int opcode) {
    return new Opcode(0, 0, opcode);
  }

  /** A two-byte opcode without a prefix. */
  static Opcode of0F(int opcode) {
    return new Opcode(0, 1, opcode);
  }

  /** The same with a prefix. */
  Opcode with(int otherPrefix) {
    return new Opcode(otherPrefix, map, opcode);
  }
}
