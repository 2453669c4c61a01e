package dev.hindsight.x86.assembler;

import dev.hindsight.x86.Argument;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.RegisterKind;
import org.jspecify.annotations.Nullable;

/**
 * A memory operand being written: {@code ptr(RBX).plus(RCX, 4).plus(8).bytes(4)}.
 *
 * <p>Immutable; each method returns a new one. The address size is that of the registers; the size
 * of the datum may be left open where another operand gives it.
 */
public final class Pointer implements Argument {
  static final Pointer NOTHING = new Pointer(null, null, null, 1, 0, null, false, 0);

  private final @Nullable Register segment;
  private final @Nullable Register base;
  private final @Nullable Register index;
  private final int scale;
  private final long displacement;
  private final @Nullable Label label;
  private final boolean absolute;
  private final int bits;

  private Pointer(
      @Nullable Register segment,
      @Nullable Register base,
      @Nullable Register index,
      int scale,
      long displacement,
      @Nullable Label label,
      boolean absolute,
      int bits) {
    this.segment = segment;
    this.base = base;
    this.index = index;
    this.scale = scale;
    this.displacement = displacement;
    this.label = label;
    this.absolute = absolute;
    this.bits = bits;
  }

  /** Adds a register: the base if there is none yet, else an index with scale 1. */
  public Pointer plus(Register register) {
    if (base == null && isGeneral(register)) {
      return new Pointer(segment, register, index, scale, displacement, label, absolute, bits);
    }
    return plus(register, 1);
  }

  /**
   * Adds an index.
   *
   * @param register a general register other than the stack pointer, or an XMM or YMM register
   * @param times 1, 2, 4 or 8
   */
  public Pointer plus(Register register, int times) {
    if (index != null) {
      throw new IllegalArgumentException("An address has at most one index, not also " + register);
    }
    if (times != 1 && times != 2 && times != 4 && times != 8) {
      throw new IllegalArgumentException("A scale is 1, 2, 4 or 8, not " + times);
    }
    boolean stackPointer = isGeneral(register) && register.number() == 4;
    if (stackPointer && times == 1 && base != null) {
      return new Pointer(segment, register, base, 1, displacement, label, absolute, bits);
    }
    return new Pointer(segment, base, register, times, displacement, label, absolute, bits);
  }

  /** Adds a constant to the displacement. */
  public Pointer plus(long constant) {
    return new Pointer(segment, base, index, scale, displacement + constant, label, absolute, bits);
  }

  /** Adds the offset of a label to the displacement. */
  public Pointer plus(Label place) {
    if (label != null) {
      throw new IllegalArgumentException("An address has at most one label, not also " + place);
    }
    return new Pointer(segment, base, index, scale, displacement, place, absolute, bits);
  }

  /** Uses a segment register other than the default one. */
  public Pointer segment(Register register) {
    return new Pointer(register, base, index, scale, displacement, label, absolute, bits);
  }

  /** Says the size of the datum, in bytes. */
  public Pointer bytes(int size) {
    return bits(size * 8);
  }

  /** Says the size of the datum, in bits. */
  public Pointer bits(int size) {
    return new Pointer(segment, base, index, scale, displacement, label, absolute, size);
  }

  Pointer absolute() {
    return new Pointer(segment, base, index, scale, displacement, label, true, bits);
  }

  private static boolean isGeneral(Register register) {
    return register.kind() == RegisterKind.GENERAL;
  }

  @Nullable Register segment() {
    return segment;
  }

  @Nullable Register base() {
    return base;
  }

  @Nullable Register index() {
    return index;
  }

  int scale() {
    return scale;
  }

  long displacement() {
    return displacement;
  }

  @Nullable Label label() {
    return label;
  }

  boolean isAbsolute() {
    return absolute;
  }

  int bits() {
    return bits;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if (bits != 0) {
      text.append(bits).append("-bit ");
    }
    if (segment != null) {
      text.append(segment).append(':');
    }
    text.append('[');
    String plus = "";
    if (base != null) {
      text.append(base);
      plus = " + ";
    }
    if (index != null) {
      text.append(plus).append(index).append(" * ").append(scale);
      plus = " + ";
    }
    if (label != null) {
      text.append(plus).append(label);
      plus = " + ";
    }
    if (displacement != 0 || plus.isEmpty()) {
      text.append(plus).append(displacement);
    }
    return text.append(']').toString();
  }
}
