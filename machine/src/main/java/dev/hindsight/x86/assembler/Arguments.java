package dev.hindsight.x86.assembler;

import dev.hindsight.x86.FarPointerOperand;
import dev.hindsight.x86.ImmediateOperand;
import dev.hindsight.x86.Register;

/** The operands of a program, for static import. */
public final class Arguments {
  private Arguments() {}

  /** {@code [base]}; more is added by the methods of {@link Pointer}. */
  public static Pointer ptr(Register base) {
    return Pointer.NOTHING.plus(base);
  }

  /** {@code [base + index * scale]}. */
  public static Pointer ptr(Register base, Register index, int scale) {
    return Pointer.NOTHING.plus(base).plus(index, scale);
  }

  /** {@code [base + displacement]}. */
  public static Pointer ptr(Register base, long displacement) {
    return Pointer.NOTHING.plus(base).plus(displacement);
  }

  /**
   * The datum at a label: relative to RIP in 64-bit code if nothing else is added, else by its
   * offset in the segment.
   */
  public static Pointer ptr(Label label) {
    return Pointer.NOTHING.plus(label);
  }

  /** The datum at a fixed offset of the segment, never relative to RIP. */
  public static Pointer abs(long offset) {
    return Pointer.NOTHING.plus(offset);
  }

  /** The datum at a label, by its offset in the segment, never relative to RIP. */
  public static Pointer abs(Label label) {
    return Pointer.NOTHING.plus(label).absolute();
  }

  /** An immediate, of the size that the instruction wants. */
  public static ImmediateOperand imm(long value) {
    return new ImmediateOperand(value, 0);
  }

  /** The offset of a label, as an immediate. */
  public static LabelOffset offset(Label label) {
    return new LabelOffset(label, 0, 0);
  }

  /** {@code selector:offset}, for direct far jumps and calls. */
  public static FarPointerOperand far(int selector, long offset, int offsetBits) {
    return new FarPointerOperand(selector, offset, offsetBits);
  }

  /** {@code selector:label}, for direct far jumps and calls. */
  public static FarLabel far(int selector, Label label, int offsetBits) {
    return new FarLabel(selector, label, offsetBits);
  }
}
