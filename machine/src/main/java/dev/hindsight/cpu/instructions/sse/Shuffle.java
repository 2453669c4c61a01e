package dev.hindsight.cpu.instructions.sse;

import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.instructions.vector.PackedForms;
import dev.hindsight.cpu.instructions.vector.VectorOperands;
import dev.hindsight.cpu.instructions.vector.VectorState;

/** Rearrangements of elements within 128-bit lanes, most of them told by an immediate byte. */
final class Shuffle {
  private Shuffle() {}

  private static long doubleword(long[] q, int lane, int n) {
    return PackedForms.low(q[lane + (n >>> 1)] >>> ((n & 1) * 32));
  }

  /** PSHUFD: four doublewords, each chosen by two bits. */
  static void doublewords(long[] r, long[] a, long[] b, int at, int imm) {
    shufflePs(r, a, a, at, imm);
  }

  /** SHUFPS: two doublewords of each source. */
  static void shufflePs(long[] r, long[] a, long[] b, int at, int imm) {
    long low = PackedForms.join(doubleword(a, at, imm & 3), doubleword(a, at, (imm >> 2) & 3));
    long high = PackedForms.join(doubleword(b, at, (imm >> 4) & 3), doubleword(b, at, imm >> 6));
    r[at] = low;
    r[at + 1] = high;
  }

  /** SHUFPD: one quadword of each source; each lane has its own two bits. */
  static void shufflePd(long[] r, long[] a, long[] b, int at, int imm) {
    long low = a[at + ((imm >> at) & 1)];
    long high = b[at + ((imm >> (at + 1)) & 1)];
    r[at] = low;
    r[at + 1] = high;
  }

  /** Four words of a quadword, each chosen by two bits (PSHUFW). */
  static long words(long q, int imm) {
    long r = 0;
    for (int i = 0; i < 4; i++) {
      r |= (q >>> (((imm >> (2 * i)) & 3) * 16) & 0xFFFF) << (16 * i);
    }
    return r;
  }

  /** PSHUFLW. */
  static void lowWords(long[] r, long[] a, long[] b, int at, int imm) {
    r[at] = words(a[at], imm);
    r[at + 1] = a[at + 1];
  }

  /** PSHUFHW. */
  static void highWords(long[] r, long[] a, long[] b, int at, int imm) {
    r[at] = a[at];
    r[at + 1] = words(a[at + 1], imm);
  }

  /** PSHUFW on MMX registers. */
  static Semantic mmxWords() {
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      long source = VectorOperands.readLow(cpu, in, 1);
      VectorOperands.writeLow(cpu, in, 0, words(source, VectorOperands.immediate(in)));
    };
  }

  /** PSHUFB: bytes of the first source chosen by those of the second; bit 7 gives 0. */
  static Semantic bytes() {
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
      int n = VectorOperands.quadwords(in);
      for (int i = 0; i < n; i++) {
        int lane = i & ~1;
        long low = a[lane];
        // with eight bytes only, bit 3 of a selector means nothing
        long high = n == 1 ? low : a[lane + 1];
        r[i] = chooseBytes(low, high, b[i]);
      }
      VectorOperands.write(cpu, in, 0, r);
    };
  }

  private static long chooseBytes(long low, long high, long selectors) {
    long r = 0;
    for (int i = 0; i < 64; i += 8) {
      int selector = (int) (selectors >>> i);
      if ((selector & 0x80) == 0) {
        r |= (((selector & 8) == 0 ? low : high) >>> ((selector & 7) * 8) & 0xFF) << i;
      }
    }
    return r;
  }

  /** PALIGNR: the sources side by side, shifted right by bytes. */
  static Semantic align() {
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
      int shift = VectorOperands.immediate(in);
      int n = VectorOperands.quadwords(in);
      if (n == 1) {
        r[0] = alignedQuadword(b[0], a[0], 0, 0, shift);
      } else {
        for (int i = 0; i < n; i += 2) {
          r[i] = alignedQuadword(b[i], b[i + 1], a[i], a[i + 1], shift);
          r[i + 1] = alignedQuadword(b[i], b[i + 1], a[i], a[i + 1], shift + 8);
        }
      }
      VectorOperands.write(cpu, in, 0, r);
    };
  }

  private static long alignedQuadword(long q0, long q1, long q2, long q3, int shift) {
    int whole = shift >> 3;
    int bits = (shift & 7) * 8;
    long low = choose(q0, q1, q2, q3, whole);
    return bits == 0 ? low : (low >>> bits) | (choose(q0, q1, q2, q3, whole + 1) << (64 - bits));
  }

  private static long choose(long q0, long q1, long q2, long q3, int n) {
    return switch (n) {
      case 0 -> q0;
      case 1 -> q1;
      case 2 -> q2;
      case 3 -> q3;
      default -> 0;
    };
  }

  /** PSLLDQ. */
  static void leftBytes(long[] r, long[] a, long[] b, int at, int imm) {
    int bits = Math.min(imm, 16) * 8;
    long low = a[at];
    long high = a[at + 1];
    r[at] = bits >= 64 ? 0 : low << bits;
    r[at + 1] =
        bits == 0
            ? high
            : bits == 128
                ? 0
                : bits >= 64 ? low << (bits - 64) : high << bits | low >>> (64 - bits);
  }

  /** PSRLDQ. */
  static void rightBytes(long[] r, long[] a, long[] b, int at, int imm) {
    int bits = Math.min(imm, 16) * 8;
    long low = a[at];
    long high = a[at + 1];
    r[at + 1] = bits >= 64 ? 0 : high >>> bits;
    r[at] =
        bits == 0
            ? low
            : bits == 128
                ? 0
                : bits >= 64 ? high >>> (bits - 64) : low >>> bits | high << (64 - bits);
  }

  /** PUNPCKLQDQ, UNPCKLPD, MOVLHPS. */
  static void lowQuadwords(long[] r, long[] a, long[] b, int at, int imm) {
    r[at] = a[at];
    r[at + 1] = b[at];
  }

  /** PUNPCKHQDQ, UNPCKHPD. */
  static void highQuadwords(long[] r, long[] a, long[] b, int at, int imm) {
    r[at] = a[at + 1];
    r[at + 1] = b[at + 1];
  }

  /** MOVHLPS: the high quadword of the second source below that of the first. */
  static void highToLow(long[] r, long[] a, long[] b, int at, int imm) {
    r[at] = b[at + 1];
    r[at + 1] = a[at + 1];
  }

  /** MOVDDUP. */
  static void duplicateLow(long[] r, long[] a, long[] b, int at, int imm) {
    r[at] = a[at];
    r[at + 1] = a[at];
  }

  /** Interleaves four bytes of each argument (PUNPCKLBW, PUNPCKHBW). */
  static long interleaveBytes(long a, long b) {
    return everyOtherByte(a) | everyOtherByte(b) << 8;
  }

  private static long everyOtherByte(long x) {
    long words = (x | x << 16) & 0x0000_FFFF_0000_FFFFL;
    return (words | words << 8) & 0x00FF_00FF_00FF_00FFL;
  }

  /** Interleaves two words of each argument (PUNPCKLWD, PUNPCKHWD). */
  static long interleaveWords(long a, long b) {
    return (a | a << 16) & 0x0000_FFFF_0000_FFFFL | ((b | b << 16) & 0x0000_FFFF_0000_FFFFL) << 16;
  }
}
