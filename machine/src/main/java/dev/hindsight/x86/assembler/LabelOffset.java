package dev.hindsight.x86.assembler;

import dev.hindsight.x86.Argument;

/**
 * The offset of a label as an immediate operand or a datum: its linear address, less the segment
 * base in force where it is used, plus an addend.
 *
 * @param label the label
 * @param addend added to the offset
 * @param bits size in bits of the immediate; 0 takes the operand size, but at most 32 bits, which a
 *     64-bit instruction extends with its sign
 */
public record LabelOffset(Label label, long addend, int bits) implements Argument {
  /** The same, with a constant added. */
  public LabelOffset plus(long more) {
    return new LabelOffset(label, addend + more, bits);
  }

  /** The same, as an immediate of 1, 2, 4 or 8 bytes. */
  public LabelOffset bytes(int size) {
    return new LabelOffset(label, addend, size * 8);
  }
}
