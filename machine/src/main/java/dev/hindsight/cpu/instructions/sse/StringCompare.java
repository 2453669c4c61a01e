package dev.hindsight.cpu.instructions.sse;

import static dev.hindsight.cpu.instructions.vector.PackedForms.addWithVex;

import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.instructions.vector.VectorOperands;
import dev.hindsight.cpu.instructions.vector.VectorState;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Prefixes;

/**
 * PCMPESTRI, PCMPESTRM, PCMPISTRI and PCMPISTRM (SDM volume 2, section 4.1).
 *
 * <p>The immediate byte says: bit 0 words, bit 1 signed, bits 3:2 the aggregation, bits 5:4 the
 * polarity, bit 6 the most significant index or a mask of whole elements.
 */
final class StringCompare {
  private static final int EQUAL_ANY = 0;
  private static final int RANGES = 1;
  private static final int EQUAL_EACH = 2;

  private StringCompare() {}

  static void register(SemanticTable.Builder t) {
    addWithVex(t, Mnemonic.PCMPESTRI, compare(true, true));
    addWithVex(t, Mnemonic.PCMPESTRM, compare(true, false));
    addWithVex(t, Mnemonic.PCMPISTRI, compare(false, true));
    addWithVex(t, Mnemonic.PCMPISTRM, compare(false, false));
  }

  private static Semantic compare(boolean explicitLengths, boolean index) {
    long[] a = new long[4];
    long[] b = new long[4];
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      VectorOperands.readUnaligned(cpu, in, 0, a);
      VectorOperands.readUnaligned(cpu, in, 1, b);
      int control = VectorOperands.immediate(in);
      int elements = (control & 1) != 0 ? 8 : 16;
      int lengthA;
      int lengthB;
      if (explicitLengths) {
        lengthA = length(cpu, in, GeneralRegisters.RAX, elements);
        lengthB = length(cpu, in, GeneralRegisters.RDX, elements);
      } else {
        lengthA = length(a, elements);
        lengthB = length(b, elements);
      }
      int all = (1 << elements) - 1;
      int matches = aggregate(a, b, lengthA, lengthB, elements, control);
      int result =
          switch (control >> 4 & 3) {
            case 1 -> matches ^ all;
            case 3 -> matches ^ ((1 << lengthB) - 1);
            default -> matches;
          };
      if (index) {
        cpu.general().set64(GeneralRegisters.RCX, index(result, elements, control));
      } else {
        setMask(cpu, in, result, elements, control);
      }
      cpu.flags()
          .arithmetic(
              (result != 0 ? Flags.CF : 0)
                  | (lengthB < elements ? Flags.ZF : 0)
                  | (lengthA < elements ? Flags.SF : 0)
                  | ((result & 1) != 0 ? Flags.OF : 0));
    };
  }

  /** The length in RAX or RDX: its absolute value, at most the number of elements. */
  private static int length(Vcpu cpu, Instruction in, int register, int elements) {
    boolean wide = in.has(Prefixes.W) && cpu.is64Bit();
    long value = wide ? cpu.general().get64(register) : cpu.general().get32(register);
    // the absolute value of the least number is itself, which is as good as infinite
    long absolute = Math.abs(value);
    return absolute < 0 || absolute > elements ? elements : (int) absolute;
  }

  /** The number of elements before the first that is 0. */
  private static int length(long[] q, int elements) {
    int n = 0;
    while (n < elements && element(q, n, elements, false) != 0) {
      n++;
    }
    return n;
  }

  private static int element(long[] q, int n, int elements, boolean signed) {
    if (elements == 8) {
      long raw = q[n >> 2] >>> (16 * (n & 3));
      return signed ? (short) raw : (int) raw & 0xFFFF;
    }
    long raw = q[n >> 3] >>> (8 * (n & 7));
    return signed ? (byte) raw : (int) raw & 0xFF;
  }

  /** IntRes1: bit j tells of element j of {@code b}. */
  private static int aggregate(
      long[] a, long[] b, int lengthA, int lengthB, int elements, int control) {
    boolean signed = (control & 2) != 0;
    int aggregation = control >> 2 & 3;
    int result = 0;
    for (int j = 0; j < elements; j++) {
      boolean match =
          switch (aggregation) {
            case EQUAL_ANY ->
                j < lengthB && isAny(a, lengthA, element(b, j, elements, signed), elements, signed);
            case RANGES ->
                j < lengthB
                    && isInRange(a, lengthA, element(b, j, elements, signed), elements, signed);
            case EQUAL_EACH ->
                j < lengthA && j < lengthB
                    ? element(a, j, elements, signed) == element(b, j, elements, signed)
                    : j >= lengthA && j >= lengthB;
            default -> isFoundAt(a, b, lengthA, lengthB, j, elements);
          };
      if (match) {
        result |= 1 << j;
      }
    }
    return result;
  }

  private static boolean isAny(long[] a, int length, int x, int elements, boolean signed) {
    for (int i = 0; i < length; i++) {
      if (element(a, i, elements, signed) == x) {
        return true;
      }
    }
    return false;
  }

  private static boolean isInRange(long[] a, int length, int x, int elements, boolean signed) {
    // a range whose upper end is not valid does not count
    for (int i = 0; i + 1 < length; i += 2) {
      if (element(a, i, elements, signed) <= x && x <= element(a, i + 1, elements, signed)) {
        return true;
      }
    }
    return false;
  }

  /** Whether {@code a} is found at {@code j}, or begins there if {@code b}'s register ends. */
  private static boolean isFoundAt(
      long[] a, long[] b, int lengthA, int lengthB, int j, int elements) {
    for (int i = 0; i < lengthA && j + i < elements; i++) {
      if (j + i >= lengthB
          || element(a, i, elements, false) != element(b, j + i, elements, false)) {
        return false;
      }
    }
    return true;
  }

  private static int index(int result, int elements, int control) {
    if (result == 0) {
      return elements;
    }
    return (control & 0x40) != 0
        ? 31 - Integer.numberOfLeadingZeros(result)
        : Integer.numberOfTrailingZeros(result);
  }

  private static void setMask(Vcpu cpu, Instruction in, int result, int elements, int control) {
    long low = result;
    long high = 0;
    if ((control & 0x40) != 0) {
      int perQuadword = elements / 2;
      low = spread(result, perQuadword);
      high = spread(result >> perQuadword, perQuadword);
    }
    VectorOperands.setXmm(cpu, in, 0, low, high);
  }

  private static long spread(int bits, int elements) {
    int size = 64 / elements;
    long q = 0;
    for (int i = 0; i < elements; i++) {
      if ((bits >> i & 1) != 0) {
        q |= (1L << size) - 1 << (i * size);
      }
    }
    return q;
  }
}
