package dev.hindsight.x86;

import org.jspecify.annotations.Nullable;

/**
 * What has been read of one instruction: the bytes so far, the prefixes, and the fields of ModRM.
 *
 * <p>A byte that cannot be had does not throw: the encoding then has {@linkplain #failed() failed},
 * reads as zeros, and demands nothing more.
 */
final class Encoding {
  private final CodeSource source;
  private int length;
  private @Nullable Decoded failure;

  final CodeMode mode;

  boolean lock;
  boolean operandSize;
  boolean addressSize;

  /** The last of F2 and F3, or 0. */
  int repeat;

  /** Whether a segment override of any kind was there. */
  boolean segmentOverride;

  /** The override that is in force. */
  @Nullable Register segment;

  /** Whether a REX prefix stands right before the opcode. */
  boolean rex;

  /** REX.W or VEX.W. */
  boolean w;

  /** REX.R, X and B or their VEX counterparts, each 0 or 8 (to be added to a register number). */
  int r;

  int x;
  int b;

  boolean vex;

  /** VEX.vvvv as a register number; 0 stands for 1111b. */
  int vvvv;

  /** VEX.vvvv as it stands, all ones where it is unused. */
  int rawVvvv;

  boolean vexL;

  /** VEX.pp: 0, 1 for 66, 2 for F3, 3 for F2. */
  int pp;

  OpcodeMap map = OpcodeMap.ONE_BYTE;
  int opcode;

  int mod;
  int reg;
  int rm;

  int operandBits;
  int addressBits;

  /** The operand that ModRM and SIB describe, where mod is not 3. */
  @Nullable MemoryOperand memory;

  Encoding(CodeMode mode, CodeSource source) {
    this.mode = mode;
    this.source = source;
  }

  /** The next byte, 0 to 255. */
  int next() {
    if (failure != null) {
      return 0;
    }
    if (length == Instruction.MAX_LENGTH) {
      failure = Decoder.TOO_LONG;
      return 0;
    }
    int value = source.byteAt(length);
    if (value < 0) {
      failure = new Decoded.NeedsByte(length);
      return 0;
    }
    length++;
    return value;
  }

  /** The next bytes as a little-endian number, sign-extended. */
  long next(int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (long) next() << (8 * i);
    }
    int unused = 64 - 8 * bytes;
    return value << unused >> unused;
  }

  /** Bytes read. */
  int length() {
    return length;
  }

  /** Whether a byte could not be had. */
  boolean failed() {
    return failure != null;
  }

  /** Why a byte could not be had, if one could not. */
  @Nullable Decoded failure() {
    return failure;
  }

  boolean is64() {
    return mode == CodeMode.BITS64;
  }

  /** Splits a ModRM byte. */
  void modrm(int value) {
    mod = value >> 6;
    reg = value >> 3 & 7;
    rm = value & 7;
  }

  /** Length of vectors in bits. */
  int vectorBits() {
    return vexL ? 256 : 128;
  }

  /** What selects a row: 0, or 1, 2, 3 for 66, F3, F2; the latter two outrank the first. */
  int prefixKey() {
    if (vex) {
      return pp;
    }
    if (repeat != 0) {
      return repeat == 0xF3 ? 2 : 3;
    }
    return operandSize ? 1 : 0;
  }
}
