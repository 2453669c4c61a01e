package dev.hindsight.x86.assembler;

import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.RegisterKind;
import org.jspecify.annotations.Nullable;

/** Writes a memory operand as ModRM, SIB and displacement (Intel SDM volume 2, section 2.1.5). */
final class MemoryEncoding {
  private MemoryEncoding() {}

  /**
   * Puts an operand into the fields of an instruction.
   *
   * @param vectorIndex whether the index is to be a vector register (VSIB)
   * @param is64 whether the code is 64-bit code
   * @param wide whether the displacement is to have its full size
   * @return false if no encoding says this
   */
  static boolean put(
      InstructionFields fields,
      MemoryOperand memory,
      boolean vectorIndex,
      boolean is64,
      boolean wide) {
    Register index = memory.index();
    boolean isVector = index != null && index.kind() != RegisterKind.GENERAL;
    if (isVector != vectorIndex || !registersFit(memory)) {
      return false;
    }
    if (memory.addressBits() == 16) {
      return !vectorIndex && put16(fields, memory, wide);
    }
    if (memory.ripRelative()) {
      if (!is64 || !isSigned32(memory.displacement())) {
        return false;
      }
      fields.rmMemory(0, 5);
      fields.displacement(memory.displacement(), 4);
      return true;
    }
    return put32(fields, memory, is64, wide);
  }

  private static boolean registersFit(MemoryOperand memory) {
    return isGeneralOf(memory.base(), memory.addressBits())
        && (memory.index() == null
            || memory.index().kind() != RegisterKind.GENERAL
            || isGeneralOf(memory.index(), memory.addressBits()));
  }

  private static boolean isGeneralOf(@Nullable Register register, int bits) {
    return register == null || register.kind() == RegisterKind.GENERAL && register.bits() == bits;
  }

  private static boolean put32(
      InstructionFields fields, MemoryOperand memory, boolean is64, boolean wide) {
    Register base = memory.base();
    Register index = memory.index();
    long displacement = normalized(memory.displacement(), memory.addressBits());
    if (!isSigned32(displacement)) {
      return false;
    }
    if (index != null && index.kind() == RegisterKind.GENERAL && index.number() == 4) {
      return false;
    }
    if (base == null) {
      // Without a base there are always four bytes; 64-bit code needs a SIB byte to say so, for the
      // short form is relative to RIP there.
      if (index == null && !is64) {
        fields.rmMemory(0, 5);
      } else {
        fields.rmMemory(0, 4);
        fields.sib(memory.scale(), index == null ? 4 : index.number(), 5);
      }
      fields.displacement(displacement, 4);
      return true;
    }
    int mod = mod(displacement, wide, (base.number() & 7) == 5);
    if (index == null && (base.number() & 7) != 4) {
      fields.rmMemory(mod, base.number());
    } else {
      fields.rmMemory(mod, 4);
      fields.sib(memory.scale(), index == null ? 4 : index.number(), base.number());
    }
    fields.displacement(displacement, mod == 2 ? 4 : mod);
    return true;
  }

  private static boolean put16(InstructionFields fields, MemoryOperand memory, boolean wide) {
    if (memory.scale() != 1 || memory.displacement() < -0x8000 || memory.displacement() > 0xFFFF) {
      return false;
    }
    long displacement = (short) memory.displacement();
    if (memory.base() == null && memory.index() == null) {
      fields.rmMemory(0, 6);
      fields.displacement(displacement, 2);
      return true;
    }
    int rm = rm16(memory.base(), memory.index());
    if (rm < 0) {
      return false;
    }
    int mod = mod(displacement, wide, rm == 6);
    fields.rmMemory(mod, rm);
    fields.displacement(displacement, mod);
    return true;
  }

  private static int rm16(@Nullable Register first, @Nullable Register second) {
    boolean bx = first == Register.BX || second == Register.BX;
    boolean bp = first == Register.BP || second == Register.BP;
    boolean si = first == Register.SI || second == Register.SI;
    boolean di = first == Register.DI || second == Register.DI;
    int wanted = (first == null ? 0 : 1) + (second == null ? 0 : 1);
    int found = (bx ? 1 : 0) + (bp ? 1 : 0) + (si ? 1 : 0) + (di ? 1 : 0);
    if (wanted != found || bx && bp || si && di) {
      return -1;
    }
    if (found == 2) {
      return (bp ? 2 : 0) + (di ? 1 : 0);
    }
    if (si || di) {
      return si ? 4 : 5;
    }
    return bp ? 6 : 7;
  }

  /** ModRM.mod: 0 without a displacement, 1 with one byte of it, 2 with all of it. */
  private static int mod(long displacement, boolean wide, boolean needsDisplacement) {
    if (wide) {
      return 2;
    }
    if (displacement == 0 && !needsDisplacement) {
      return 0;
    }
    return displacement == (byte) displacement ? 1 : 2;
  }

  /** With 32-bit addresses, FFFFFFFF and -1 are the same displacement. */
  private static long normalized(long displacement, int addressBits) {
    boolean unsigned32 = addressBits == 32 && displacement >>> 32 == 0;
    return unsigned32 ? (int) displacement : displacement;
  }

  private static boolean isSigned32(long value) {
    return value == (int) value;
  }
}
