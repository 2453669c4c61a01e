package dev.hindsight.cpu.instructions.avx;

import static dev.hindsight.cpu.instructions.vector.PackedForms.low;

import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.instructions.vector.PackedForms;
import dev.hindsight.cpu.instructions.vector.VectorOperands;
import dev.hindsight.cpu.instructions.vector.VectorState;
import dev.hindsight.x86.ImmediateOperand;
import dev.hindsight.x86.Mnemonic;

/** Broadcasts, permutations, and insertion and extraction of 128-bit lanes. */
final class Permutations {
  private Permutations() {}

  static void register(SemanticTable.Builder t) {
    t.add(Mnemonic.VBROADCASTSS, broadcast(32));
    t.add(Mnemonic.VBROADCASTSD, broadcast(64));
    t.add(Mnemonic.VBROADCASTF128, broadcast(128));
    t.add(Mnemonic.VBROADCASTI128, broadcast(128));
    t.add(Mnemonic.VPBROADCASTB, broadcast(8));
    t.add(Mnemonic.VPBROADCASTW, broadcast(16));
    t.add(Mnemonic.VPBROADCASTD, broadcast(32));
    t.add(Mnemonic.VPBROADCASTQ, broadcast(64));
    t.add(Mnemonic.VEXTRACTF128, extractLane());
    t.add(Mnemonic.VEXTRACTI128, extractLane());
    t.add(Mnemonic.VINSERTF128, insertLane());
    t.add(Mnemonic.VINSERTI128, insertLane());
    t.add(Mnemonic.VPERM2F128, permuteLanes());
    t.add(Mnemonic.VPERM2I128, permuteLanes());
    t.add(Mnemonic.VPERMILPS, permuteInLanes32());
    t.add(Mnemonic.VPERMILPD, permuteInLanes64());
    t.add(Mnemonic.VPERMD, permute32());
    t.add(Mnemonic.VPERMPS, permute32());
    t.add(Mnemonic.VPERMQ, permute64());
    t.add(Mnemonic.VPERMPD, permute64());
  }

  /** The low element of the source to all of the destination. */
  private static Semantic broadcast(int bits) {
    long[] a = new long[4];
    return (cpu, in) -> {
      VectorState.checkAvx(cpu);
      VectorOperands.read(cpu, in, 1, a);
      long q = a[0];
      for (int size = bits; size < 64; size *= 2) {
        q = q & (1L << size) - 1 | q << size;
      }
      long odd = bits == 128 ? a[1] : q;
      a[0] = q;
      a[1] = odd;
      a[2] = q;
      a[3] = odd;
      VectorOperands.write(cpu, in, 0, a);
    };
  }

  private static Semantic extractLane() {
    long[] a = new long[4];
    return (cpu, in) -> {
      VectorState.checkAvx(cpu);
      VectorOperands.read(cpu, in, 1, a);
      int lane = VectorOperands.immediate(in) & 1;
      a[0] = a[lane * 2];
      a[1] = a[lane * 2 + 1];
      VectorOperands.write(cpu, in, 0, a);
    };
  }

  private static Semantic insertLane() {
    long[] a = new long[4];
    long[] b = new long[4];
    return (cpu, in) -> {
      VectorState.checkAvx(cpu);
      VectorOperands.read(cpu, in, 1, a);
      VectorOperands.read(cpu, in, 2, b);
      int lane = VectorOperands.immediate(in) & 1;
      a[lane * 2] = b[0];
      a[lane * 2 + 1] = b[1];
      VectorOperands.write(cpu, in, 0, a);
    };
  }

  /** VPERM2F128: each lane one of the four of both sources, or zero. */
  private static Semantic permuteLanes() {
    long[] a = new long[4];
    long[] b = new long[4];
    long[] r = new long[4];
    return (cpu, in) -> {
      VectorState.checkAvx(cpu);
      VectorOperands.read(cpu, in, 1, a);
      VectorOperands.read(cpu, in, 2, b);
      int immediate = VectorOperands.immediate(in);
      for (int i = 0; i < 4; i++) {
        int control = immediate >> (i < 2 ? 0 : 4);
        long[] source = (control & 2) != 0 ? b : a;
        r[i] = (control & 8) != 0 ? 0 : source[(control & 1) * 2 + (i & 1)];
      }
      VectorOperands.write(cpu, in, 0, r);
    };
  }

  private static long doubleword(long[] q, int n) {
    return low(q[n >> 1] >>> (32 * (n & 1)));
  }

  /** VPERMILPS: within each lane, by an immediate byte or by the low bits of each doubleword. */
  private static Semantic permuteInLanes32() {
    long[] a = new long[4];
    long[] control = new long[4];
    long[] r = new long[4];
    return (cpu, in) -> {
      VectorState.checkAvx(cpu);
      VectorOperands.read(cpu, in, 1, a);
      if (in.operand(2) instanceof ImmediateOperand) {
        int immediate = VectorOperands.immediate(in);
        for (int i = 0; i < 4; i++) {
          int low = (i & 1) * 4;
          control[i] = PackedForms.join(immediate >> low, immediate >> (low + 2));
        }
      } else {
        VectorOperands.read(cpu, in, 2, control);
      }
      int n = VectorOperands.quadwords(in);
      for (int i = 0; i < n; i++) {
        int lane = (i & ~1) * 2;
        r[i] =
            PackedForms.join(
                doubleword(a, lane + ((int) control[i] & 3)),
                doubleword(a, lane + ((int) (control[i] >>> 32) & 3)));
      }
      VectorOperands.write(cpu, in, 0, r);
    };
  }

  /** VPERMILPD: by a bit of the immediate each, or by bit 1 of each quadword. */
  private static Semantic permuteInLanes64() {
    long[] a = new long[4];
    long[] control = new long[4];
    long[] r = new long[4];
    return (cpu, in) -> {
      VectorState.checkAvx(cpu);
      VectorOperands.read(cpu, in, 1, a);
      if (in.operand(2) instanceof ImmediateOperand) {
        int immediate = VectorOperands.immediate(in);
        for (int i = 0; i < 4; i++) {
          control[i] = (long) (immediate >> i) << 1;
        }
      } else {
        VectorOperands.read(cpu, in, 2, control);
      }
      int n = VectorOperands.quadwords(in);
      for (int i = 0; i < n; i++) {
        r[i] = a[(i & ~1) + ((int) control[i] >> 1 & 1)];
      }
      VectorOperands.write(cpu, in, 0, r);
    };
  }

  /** VPERMD and VPERMPS: the first source has the indices. */
  private static Semantic permute32() {
    long[] index = new long[4];
    long[] a = new long[4];
    return (cpu, in) -> {
      VectorState.checkAvx(cpu);
      VectorOperands.read(cpu, in, 1, index);
      VectorOperands.read(cpu, in, 2, a);
      for (int i = 0; i < 4; i++) {
        index[i] =
            PackedForms.join(
                doubleword(a, (int) index[i] & 7), doubleword(a, (int) (index[i] >>> 32) & 7));
      }
      VectorOperands.write(cpu, in, 0, index);
    };
  }

  /** VPERMQ and VPERMPD. */
  private static Semantic permute64() {
    long[] a = new long[4];
    long[] r = new long[4];
    return (cpu, in) -> {
      VectorState.checkAvx(cpu);
      VectorOperands.read(cpu, in, 1, a);
      int immediate = VectorOperands.immediate(in);
      for (int i = 0; i < 4; i++) {
        r[i] = a[immediate >> (2 * i) & 3];
      }
      VectorOperands.write(cpu, in, 0, r);
    };
  }
}
