package dev.hindsight.x86;

/** A register file that operands can name. */
public enum RegisterKind {
  /** The low 8, 16, 32 or all 64 bits of a general register. */
  GENERAL,
  /** Bits 15:8 of RAX, RCX, RDX or RBX (AH, CH, DH, BH). */
  HIGH_BYTE,
  /** A segment selector. */
  SEGMENT,
  /** CR0 to CR15. */
  CONTROL,
  /** DR0 to DR15. */
  DEBUG,
  /** The x87 stack, relative to its top. */
  X87,
  /** MM0 to MM7. */
  MMX,
  /** Bits 127:0 of a vector register. */
  XMM,
  /** All 256 bits of a vector register. */
  YMM
}
