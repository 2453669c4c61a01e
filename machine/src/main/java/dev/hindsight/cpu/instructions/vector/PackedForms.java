package dev.hindsight.cpu.instructions.vector;

import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.instructions.x87.MmxState;
import dev.hindsight.x86.ImmediateOperand;
import dev.hindsight.x86.Mnemonic;
import java.util.function.IntBinaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/**
 * Forms of packed instructions without floating-point exceptions: each method makes a semantic of a
 * function on 64 or 128 bits. Such a semantic serves MMX, legacy SSE and VEX encodings alike.
 */
public final class PackedForms {
  private PackedForms() {}

  /**
   * Adds a semantic to a legacy mnemonic and to its VEX counterpart, which is named the same with a
   * V in front.
   */
  public static void addWithVex(SemanticTable.Builder table, Mnemonic legacy, Semantic semantic) {
    table.add(legacy, semantic).add(Mnemonic.valueOf("V" + legacy.name()), semantic);
  }

  /** {@code dst = f(src1, src2)} on each quadword. */
  public static Semantic binary(LongBinaryOperator f) {
    long[] a = new long[4];
    long[] b = new long[4];
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      int first = VectorOperands.firstSource(in);
      VectorOperands.read(cpu, in, first, a);
      VectorOperands.read(cpu, in, first + 1, b);
      int n = VectorOperands.quadwords(in);
      for (int i = 0; i < n; i++) {
        a[i] = f.applyAsLong(a[i], b[i]);
      }
      VectorOperands.write(cpu, in, 0, a);
    };
  }

  /** {@code dst = f(src)} on each quadword. */
  public static Semantic unary(LongUnaryOperator f) {
    long[] a = new long[4];
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      VectorOperands.read(cpu, in, 1, a);
      int n = VectorOperands.quadwords(in);
      for (int i = 0; i < n; i++) {
        a[i] = f.applyAsLong(a[i]);
      }
      VectorOperands.write(cpu, in, 0, a);
    };
  }

  /**
   * {@code dst = f(src, count)} on each quadword, where the count is an immediate byte or bits 63:0
   * of the second source: unsigned, and so large that no shift has an effect beyond.
   */
  public static Semantic shift(LongBinaryOperator f) {
    long[] a = new long[4];
    long[] b = new long[4];
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      int first = VectorOperands.firstSource(in);
      VectorOperands.read(cpu, in, first, a);
      long count;
      if (in.operand(first + 1) instanceof ImmediateOperand immediate) {
        count = immediate.value() & 0xFF;
      } else {
        VectorOperands.read(cpu, in, first + 1, b);
        count = b[0] < 0 || b[0] > 255 ? 255 : b[0];
      }
      int n = VectorOperands.quadwords(in);
      for (int i = 0; i < n; i++) {
        a[i] = f.applyAsLong(a[i], count);
      }
      VectorOperands.write(cpu, in, 0, a);
    };
  }

  /**
   * Each quadword of the sources becomes 32 bits of the result: first source below, second above
   * (packing with saturation, horizontal addition).
   *
   * @param f gives the 32 bits in bits 31:0; those above are ignored
   */
  public static Semantic narrowing(LongUnaryOperator f) {
    long[] a = new long[4];
    long[] b = new long[4];
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      int first = VectorOperands.firstSource(in);
      VectorOperands.read(cpu, in, first, a);
      VectorOperands.read(cpu, in, first + 1, b);
      int n = VectorOperands.quadwords(in);
      if (n == 1) {
        a[0] = join(f.applyAsLong(a[0]), f.applyAsLong(b[0]));
      } else {
        for (int i = 0; i < n; i += 2) {
          a[i] = join(f.applyAsLong(a[i]), f.applyAsLong(a[i + 1]));
          a[i + 1] = join(f.applyAsLong(b[i]), f.applyAsLong(b[i + 1]));
        }
      }
      VectorOperands.write(cpu, in, 0, a);
    };
  }

  /**
   * The low halves of both sources interleaved.
   *
   * @param f interleaves bits 31:0 of its arguments, zero-extended, to 64 bits
   */
  public static Semantic interleavingLow(LongBinaryOperator f) {
    return interleaving(f, 0);
  }

  /** Like {@link #interleavingLow}, of the high halves. */
  public static Semantic interleavingHigh(LongBinaryOperator f) {
    return interleaving(f, 1);
  }

  private static Semantic interleaving(LongBinaryOperator f, int half) {
    long[] a = new long[4];
    long[] b = new long[4];
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      int first = VectorOperands.firstSource(in);
      VectorOperands.read(cpu, in, first, a);
      VectorOperands.read(cpu, in, first + 1, b);
      int n = VectorOperands.quadwords(in);
      if (n == 1) {
        int down = half * 32;
        a[0] = f.applyAsLong(low(a[0] >>> down), low(b[0] >>> down));
      } else {
        for (int i = 0; i < n; i += 2) {
          long x = a[i + half];
          long y = b[i + half];
          a[i] = f.applyAsLong(low(x), low(y));
          a[i + 1] = f.applyAsLong(x >>> 32, y >>> 32);
        }
      }
      VectorOperands.write(cpu, in, 0, a);
    };
  }

  /** {@code dst = f(src1, src2, imm8)} on each 128-bit lane; there may be no immediate. */
  public static Semantic lanes(LaneOperator f) {
    long[] a = new long[4];
    long[] b = new long[4];
    long[] r = new long[4];
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      int first = VectorOperands.firstSource(in);
      VectorOperands.read(cpu, in, first, a);
      VectorOperands.read(cpu, in, first + 1, b);
      int immediate =
          in.operands().getLast() instanceof ImmediateOperand i ? (int) i.value() & 0xFF : 0;
      int n = VectorOperands.quadwords(in);
      for (int i = 0; i < n; i += 2) {
        f.apply(r, a, b, i, immediate);
      }
      VectorOperands.write(cpu, in, 0, r);
    };
  }

  /**
   * {@code dst = f(src, imm8)} on each 128-bit lane of the one source, which the operator gets
   * twice; there may be no immediate.
   */
  public static Semantic unaryLanes(LaneOperator f) {
    long[] a = new long[4];
    long[] r = new long[4];
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      VectorOperands.read(cpu, in, 1, a);
      int immediate =
          in.operands().getLast() instanceof ImmediateOperand i ? (int) i.value() & 0xFF : 0;
      int n = VectorOperands.quadwords(in);
      for (int i = 0; i < n; i += 2) {
        f.apply(r, a, a, i, immediate);
      }
      VectorOperands.write(cpu, in, 0, r);
    };
  }

  /**
   * The bits that {@code f} gives for each quadword of the source, put one after the other into a
   * general register (PMOVMSKB, MOVMSKPS).
   *
   * @param bitsPerQuadword how many bits {@code f} gives
   */
  public static Semantic signMask(LongUnaryOperator f, int bitsPerQuadword) {
    long[] a = new long[4];
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      VectorOperands.read(cpu, in, 1, a);
      int n = in.operand(1).bits() >>> 6;
      long mask = 0;
      for (int i = 0; i < n; i++) {
        mask |= f.applyAsLong(a[i]) << (i * bitsPerQuadword);
      }
      if (n == 1) {
        MmxState.enter(cpu);
      }
      cpu.general().set64(VectorOperands.registerNumber(in, 0), mask);
    };
  }

  /** Joins two doublewords, of which bits 63:32 are ignored. */
  public static long join(long low, long high) {
    return low(low) | (high << 32);
  }

  /** Bits 31:0, zero-extended. */
  public static long low(long x) {
    return x & 0xFFFF_FFFFL;
  }

  /** Applies a function to both doublewords of both arguments. */
  public static long doublewords(long a, long b, IntBinaryOperator f) {
    return join(f.applyAsInt((int) a, (int) b), f.applyAsInt((int) (a >>> 32), (int) (b >>> 32)));
  }
}
