package dev.hindsight.x86.assembler;

import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.RegisterKind;
import org.jspecify.annotations.Nullable;

/**
 * Makes memory operands of pointers.
 *
 * @param addressBits address size where no register tells it: 16, 32 or 64
 * @param is64 whether the code is 64-bit code, where a label alone is relative to RIP
 * @param segmentBase linear address of offset 0 of the segment
 * @param trialAddress an address near the instruction, for a first encoding
 */
record PointerResolver(int addressBits, boolean is64, long segmentBase, long trialAddress) {
  /**
   * Resolves a pointer.
   *
   * @param target linear address of its label, ignored if it has none
   * @param end linear address of the byte after the instruction
   */
  MemoryOperand resolve(Pointer pointer, long target, long end) {
    Register base = pointer.base();
    Register index = pointer.index();
    boolean ripRelative =
        is64
            && addressBits != 16
            && pointer.label() != null
            && base == null
            && index == null
            && !pointer.isAbsolute();
    long displacement = pointer.displacement();
    if (ripRelative) {
      displacement += target - end;
    } else if (pointer.label() != null) {
      displacement += target - segmentBase;
    }
    return new MemoryOperand(
        segment(pointer.segment(), base, index),
        base,
        index,
        pointer.scale(),
        displacement,
        addressBits(base, index),
        ripRelative,
        pointer.bits());
  }

  private int addressBits(@Nullable Register base, @Nullable Register index) {
    if (base != null) {
      return base.bits();
    }
    if (index != null && index.kind() == RegisterKind.GENERAL) {
      return index.bits();
    }
    return addressBits;
  }

  /** BP, EBP, RBP and the stack pointers as a base go through SS, all else through DS. */
  private static Register segment(
      @Nullable Register segment, @Nullable Register base, @Nullable Register index) {
    if (segment != null) {
      return segment;
    }
    if (base == null) {
      return Register.DS;
    }
    boolean frame = base.number() == 5 || base.number() == 4;
    // 16-bit addressing admits its registers in either order: [SI + BP] is [BP + SI].
    boolean swapped = base.bits() == 16 && index == Register.BP;
    return frame || swapped ? Register.SS : Register.DS;
  }
}
