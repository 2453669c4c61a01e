package dev.hindsight.cpu.instructions.sse;

import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.instructions.vector.VectorOperands;
import dev.hindsight.cpu.instructions.vector.VectorState;
import dev.hindsight.x86.Prefixes;
import java.util.function.LongUnaryOperator;

/** Choices between the elements of two sources. */
final class Blend {
  private Blend() {}

  private static long select(long mask, long ifSet, long ifClear) {
    return (ifSet & mask) | (ifClear & ~mask);
  }

  /** A mask of two doublewords from bits 1:0. */
  private static long doublewordMask(int bits) {
    return -(bits & 1L) >>> 32 | -(bits >> 1 & 1L) << 32;
  }

  /** BLENDPS and VPBLENDD: one bit a doubleword. */
  static void doublewords(long[] r, long[] a, long[] b, int at, int imm) {
    r[at] = select(doublewordMask(imm >> (2 * at)), b[at], a[at]);
    r[at + 1] = select(doublewordMask(imm >> (2 * at + 2)), b[at + 1], a[at + 1]);
  }

  /** BLENDPD: one bit a quadword. */
  static void quadwords(long[] r, long[] a, long[] b, int at, int imm) {
    r[at] = (imm >> at & 1) != 0 ? b[at] : a[at];
    r[at + 1] = (imm >> (at + 1) & 1) != 0 ? b[at + 1] : a[at + 1];
  }

  /** PBLENDW: one bit a word, the same eight bits for each lane. */
  static void words(long[] r, long[] a, long[] b, int at, int imm) {
    r[at] = select(wordMask(imm), b[at], a[at]);
    r[at + 1] = select(wordMask(imm >> 4), b[at + 1], a[at + 1]);
  }

  private static long wordMask(int bits) {
    long mask = 0;
    for (int i = 0; i < 4; i++) {
      mask |= (-(bits >> i & 1L) & 0xFFFFL) << (16 * i);
    }
    return mask;
  }

  /** Fills each byte with its sign (PBLENDVB). */
  static long byteSigns(long q) {
    return (q >>> 7 & 0x0101_0101_0101_0101L) * 0xFF;
  }

  /** Fills each doubleword with its sign (BLENDVPS). */
  static long doublewordSigns(long q) {
    return q >> 63 << 32 | (long) ((int) q >> 31) & 0xFFFF_FFFFL;
  }

  /** Fills the quadword with its sign (BLENDVPD). */
  static long quadwordSign(long q) {
    return q >> 63;
  }

  /**
   * Blends by a register, the second source where the mask's element is negative. The mask is XMM0
   * in legacy encodings and the fourth operand in VEX ones.
   *
   * @param mask fills the elements of a quadword with their signs
   */
  static Semantic variable(LongUnaryOperator mask) {
    long[] a = new long[4];
    long[] b = new long[4];
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      int first = VectorOperands.firstSource(in);
      VectorOperands.read(cpu, in, first, a);
      VectorOperands.read(cpu, in, first + 1, b);
      int maskRegister = in.has(Prefixes.VEX) ? VectorOperands.registerNumber(in, 3) : 0;
      int n = VectorOperands.quadwords(in);
      for (int i = 0; i < n; i++) {
        long m = mask.applyAsLong(cpu.vectors().get(maskRegister, i));
        a[i] = select(m, b[i], a[i]);
      }
      VectorOperands.write(cpu, in, 0, a);
    };
  }
}
