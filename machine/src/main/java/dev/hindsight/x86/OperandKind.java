package dev.hindsight.x86;

/**
 * Where an operand is encoded: the methods of addressing of Intel SDM volume 2, appendix A.2.1,
 * with a few letters more where the manual uses prose.
 */
public enum OperandKind {
  /** A: far pointer in the instruction. */
  FAR_POINTER("A"),
  /** B: general register named by VEX.vvvv. */
  VVVV_GENERAL("B"),
  /** C: control register named by ModRM.reg. */
  CONTROL("C"),
  /** D: debug register named by ModRM.reg. */
  DEBUG("D"),
  /** E: general register or memory, by ModRM.rm. */
  RM_GENERAL_OR_MEMORY("E"),
  /** G: general register named by ModRM.reg. */
  REG_GENERAL("G"),
  /** H: vector register named by VEX.vvvv. */
  VVVV_VECTOR("H"),
  /** I: immediate; of size {@code z} with 64-bit operands it is 32 bits, sign-extended. */
  IMMEDIATE("I"),
  /** sI: immediate byte, sign-extended to the operand size. */
  SIGNED_BYTE("sI"),
  /** J: branch displacement of 8 bits or of the operand size (at most 32). */
  RELATIVE("J"),
  /** L: vector register named by bits 7:4 of an immediate byte. */
  IMMEDIATE_VECTOR("L"),
  /** M: memory. */
  MEMORY("M"),
  /** N: MMX register named by ModRM.rm. */
  RM_MMX("N"),
  /** O: memory at an offset in the instruction, of the address size. */
  MEMORY_OFFSET("O"),
  /** P: MMX register named by ModRM.reg. */
  REG_MMX("P"),
  /** Q: MMX register or memory, by ModRM.rm. */
  RM_MMX_OR_MEMORY("Q"),
  /** R: general register named by ModRM.rm. */
  RM_GENERAL("R"),
  /** S: segment register named by ModRM.reg. */
  SEGMENT("S"),
  /** U: vector register named by ModRM.rm. */
  RM_VECTOR("U"),
  /** V: vector register named by ModRM.reg. */
  REG_VECTOR("V"),
  /** W: vector register or memory, by ModRM.rm. */
  RM_VECTOR_OR_MEMORY("W"),
  /** X: memory at DS:rSI; DS may be overridden. */
  SOURCE_STRING("X"),
  /** Y: memory at ES:rDI. */
  DESTINATION_STRING("Y"),
  /** Z: general register named by the low three bits of the opcode. */
  OPCODE_GENERAL("Z"),
  /** vmX: memory with an XMM register as index. */
  MEMORY_INDEXED_BY_XMM("vmX"),
  /** vmY: memory with a YMM register as index. */
  MEMORY_INDEXED_BY_YMM("vmY"),
  /** [rBX]: memory at DS:rBX; XLAT adds AL to it. */
  MEMORY_AT_RBX("[rBX]"),
  /** [rDI]: memory at DS:rDI; DS may be overridden. */
  MEMORY_AT_RDI("[rDI]"),
  /** [rAX]: memory at DS:rAX; DS may be overridden. */
  MEMORY_AT_RAX("[rAX]"),
  /** STi: x87 register named by ModRM.rm. */
  RM_X87("STi"),
  /** rAX: accumulator of the operand size, or eAX: of at most 32 bits. */
  ACCUMULATOR("rAX"),
  /** The constant 1. */
  ONE("1"),
  /** A register that the encoding implies. */
  FIXED("");

  private final String notation;

  OperandKind(String notation) {
    this.notation = notation;
  }

  /** How the opcode table writes it, without the size; empty for {@link #FIXED}. */
  public String notation() {
    return notation;
  }

  /** Whether a ModRM byte with mod 0 to 2 makes it a memory operand, or it is one always. */
  public boolean canBeMemory() {
    return switch (this) {
      case RM_GENERAL_OR_MEMORY,
          RM_MMX_OR_MEMORY,
          RM_VECTOR_OR_MEMORY,
          MEMORY,
          MEMORY_OFFSET,
          SOURCE_STRING,
          DESTINATION_STRING,
          MEMORY_INDEXED_BY_XMM,
          MEMORY_INDEXED_BY_YMM,
          MEMORY_AT_RBX,
          MEMORY_AT_RDI,
          MEMORY_AT_RAX ->
          true;
      default -> false;
    };
  }

  /** Whether ModRM with mod 0 to 2 describes it. */
  boolean isModrmMemory() {
    return switch (this) {
      case RM_GENERAL_OR_MEMORY,
          RM_MMX_OR_MEMORY,
          RM_VECTOR_OR_MEMORY,
          MEMORY,
          MEMORY_INDEXED_BY_XMM,
          MEMORY_INDEXED_BY_YMM ->
          true;
      default -> false;
    };
  }
}
