package dev.hindsight.cpu.instructions.sse;

import static dev.hindsight.cpu.instructions.vector.PackedForms.addWithVex;
import static dev.hindsight.cpu.instructions.vector.PackedForms.lanes;
import static dev.hindsight.cpu.instructions.vector.PackedForms.unaryLanes;

import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.instructions.vector.VectorOperands;
import dev.hindsight.cpu.instructions.vector.VectorState;
import dev.hindsight.x86.Mnemonic;

/** Integer instructions that look at whole lanes: PCLMULQDQ, MPSADBW, PHMINPOSUW, PTEST. */
final class WideIntegers {
  private static final long DOUBLEWORD_SIGNS = 0x8000_0000_8000_0000L;

  private WideIntegers() {}

  static void register(SemanticTable.Builder t) {
    addWithVex(t, Mnemonic.PCLMULQDQ, lanes(WideIntegers::carrylessProduct));
    addWithVex(t, Mnemonic.MPSADBW, lanes(WideIntegers::slidingSums));
    addWithVex(t, Mnemonic.PHMINPOSUW, unaryLanes(WideIntegers::minimumAndPosition));
    addWithVex(t, Mnemonic.PTEST, test(-1L));
    t.add(Mnemonic.VTESTPS, test(DOUBLEWORD_SIGNS));
    t.add(Mnemonic.VTESTPD, test(Long.MIN_VALUE));
  }

  /** PCLMULQDQ: the product of two polynomials over GF(2). */
  private static void carrylessProduct(long[] r, long[] a, long[] b, int at, int imm) {
    long x = a[at + (imm & 1)];
    long y = b[at + (imm >> 4 & 1)];
    long low = 0;
    long high = 0;
    for (int i = 0; i < 64; i++) {
      long take = -(y >>> i & 1);
      low ^= x << i & take;
      // the shift in two steps is by 64 where i is 0
      high ^= x >>> 1 >>> (63 - i) & take;
    }
    r[at] = low;
    r[at + 1] = high;
  }

  private static int unsignedByte(long[] q, int at, int n) {
    return (int) (q[at + (n >> 3)] >>> (8 * (n & 7))) & 0xFF;
  }

  /**
   * MPSADBW: sums of absolute differences of four bytes of the second source and four bytes of the
   * first at eight places. Bits 1:0 choose the former, bit 2 the first of the latter; the upper
   * lane has bits 5:3.
   */
  private static void slidingSums(long[] r, long[] a, long[] b, int at, int imm) {
    int control = at == 0 ? imm : imm >> 3;
    int fixed = (control & 3) * 4;
    int moving = (control >> 2 & 1) * 4;
    long low = 0;
    long high = 0;
    for (int i = 0; i < 8; i++) {
      long sum = 0;
      for (int k = 0; k < 4; k++) {
        sum += Math.abs(unsignedByte(a, at, moving + i + k) - unsignedByte(b, at, fixed + k));
      }
      if (i < 4) {
        low |= sum << (16 * i);
      } else {
        high |= sum << (16 * (i - 4));
      }
    }
    r[at] = low;
    r[at + 1] = high;
  }

  private static void minimumAndPosition(long[] r, long[] a, long[] b, int at, int imm) {
    int minimum = 0xFFFF;
    int position = 0;
    for (int i = 7; i >= 0; i--) {
      int word = (int) (a[at + (i >> 2)] >>> (16 * (i & 3))) & 0xFFFF;
      if (word <= minimum) {
        minimum = word;
        position = i;
      }
    }
    r[at] = minimum | (long) position << 16;
    r[at + 1] = 0;
  }

  /**
   * ZF tells that the operands have no bit in common, CF that the first has all bits of the second.
   *
   * @param bits the bits of each quadword that count
   */
  private static Semantic test(long bits) {
    long[] a = new long[4];
    long[] b = new long[4];
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      VectorOperands.read(cpu, in, 0, a);
      VectorOperands.read(cpu, in, 1, b);
      long both = 0;
      long secondOnly = 0;
      int n = VectorOperands.quadwords(in);
      for (int i = 0; i < n; i++) {
        both |= b[i] & a[i];
        secondOnly |= b[i] & ~a[i];
      }
      cpu.flags()
          .arithmetic(
              ((both & bits) == 0 ? Flags.ZF : 0) | ((secondOnly & bits) == 0 ? Flags.CF : 0));
    };
  }
}
