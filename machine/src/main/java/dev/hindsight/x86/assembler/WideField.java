package dev.hindsight.x86.assembler;

/** A field of an instruction for which the short form (8 bits, or none) is not to be taken. */
enum WideField {
  /** The displacement of a memory operand. */
  DISPLACEMENT,
  /** An immediate operand. */
  IMMEDIATE,
  /** The distance of a branch. */
  RELATIVE
}
