package dev.hindsight.cpu.instructions.sse;

import static dev.hindsight.cpu.instructions.vector.PackedForms.addWithVex;
import static dev.hindsight.cpu.instructions.vector.PackedForms.lanes;
import static dev.hindsight.cpu.instructions.vector.PackedForms.unaryLanes;

import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.x86.Mnemonic;

/**
 * AES-NI: rounds of the cipher of FIPS 197.
 *
 * <p>Byte {@code 4 * column + row} of the register is that element of the state. A table gives for
 * each byte its column after SubBytes and MixColumns; the other rows are rotations of it.
 */
final class Aes {
  private static final byte[] S_BOX = new byte[256];
  private static final byte[] INVERSE_S_BOX = new byte[256];
  private static final int[] MIXED = new int[256];
  private static final int[] INVERSE_MIXED = new int[256];

  static {
    for (int x = 0; x < 256; x++) {
      int inverse = inverse(x);
      int s = inverse;
      for (int i = 1; i <= 4; i++) {
        s ^= inverse << i | inverse >> (8 - i);
      }
      s = (s ^ 0x63) & 0xFF;
      S_BOX[x] = (byte) s;
      INVERSE_S_BOX[s] = (byte) x;
    }
    for (int x = 0; x < 256; x++) {
      MIXED[x] = column(S_BOX[x] & 0xFF, 2, 1, 1, 3);
      INVERSE_MIXED[x] = column(INVERSE_S_BOX[x] & 0xFF, 14, 9, 13, 11);
    }
  }

  private Aes() {}

  static void register(SemanticTable.Builder t) {
    addWithVex(t, Mnemonic.AESENC, lanes(Aes::encrypt));
    addWithVex(t, Mnemonic.AESENCLAST, lanes(Aes::encryptLast));
    addWithVex(t, Mnemonic.AESDEC, lanes(Aes::decrypt));
    addWithVex(t, Mnemonic.AESDECLAST, lanes(Aes::decryptLast));
    addWithVex(t, Mnemonic.AESIMC, unaryLanes(Aes::inverseMixColumns));
    addWithVex(t, Mnemonic.AESKEYGENASSIST, unaryLanes(Aes::keyGenerationAssist));
  }

  /** Product in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1. */
  private static int multiply(int a, int b) {
    int r = 0;
    for (int i = 0; i < 8; i++) {
      if ((b >> i & 1) != 0) {
        r ^= a;
      }
      a = (a << 1) ^ ((a & 0x80) != 0 ? 0x11B : 0);
    }
    return r;
  }

  /** x^254, which is the inverse of x, and 0 for 0. */
  private static int inverse(int x) {
    int r = 1;
    for (int i = 0; i < 254; i++) {
      r = multiply(r, x);
    }
    return r;
  }

  private static int column(int x, int c0, int c1, int c2, int c3) {
    return multiply(x, c0) | multiply(x, c1) << 8 | multiply(x, c2) << 16 | multiply(x, c3) << 24;
  }

  /** The byte of the state at a column (taken modulo 4) and row. */
  private static int state(long[] a, int at, int column, int row) {
    int n = (column & 3) * 4 + row;
    return (int) (a[at + (n >> 3)] >>> (8 * (n & 7))) & 0xFF;
  }

  private static void encrypt(long[] r, long[] a, long[] b, int at, int imm) {
    round(r, a, b, at, MIXED, 1);
  }

  private static void decrypt(long[] r, long[] a, long[] b, int at, int imm) {
    round(r, a, b, at, INVERSE_MIXED, -1);
  }

  private static void encryptLast(long[] r, long[] a, long[] b, int at, int imm) {
    lastRound(r, a, b, at, S_BOX, 1);
  }

  private static void decryptLast(long[] r, long[] a, long[] b, int at, int imm) {
    lastRound(r, a, b, at, INVERSE_S_BOX, -1);
  }

  /** ShiftRows in a direction, then the table, then the round key. */
  private static void round(long[] r, long[] a, long[] key, int at, int[] table, int direction) {
    for (int q = 0; q < 2; q++) {
      long quadword = 0;
      for (int half = 0; half < 2; half++) {
        int c = 2 * q + half;
        int mixed = 0;
        for (int row = 0; row < 4; row++) {
          mixed ^= Integer.rotateLeft(table[state(a, at, c + direction * row, row)], 8 * row);
        }
        quadword |= (mixed & 0xFFFF_FFFFL) << (32 * half);
      }
      r[at + q] = quadword ^ key[at + q];
    }
  }

  private static void lastRound(long[] r, long[] a, long[] key, int at, byte[] box, int direction) {
    for (int q = 0; q < 2; q++) {
      long quadword = 0;
      for (int i = 0; i < 8; i++) {
        int row = i & 3;
        int c = 2 * q + (i >> 2);
        quadword |= (box[state(a, at, c + direction * row, row)] & 0xFFL) << (8 * i);
      }
      r[at + q] = quadword ^ key[at + q];
    }
  }

  private static void inverseMixColumns(long[] r, long[] a, long[] b, int at, int imm) {
    for (int q = 0; q < 2; q++) {
      long quadword = 0;
      for (int i = 0; i < 8; i++) {
        int row = i & 3;
        // the table begins with the inverse S-box, which the S-box takes back
        int x = S_BOX[state(a, at, 2 * q + (i >> 2), row)] & 0xFF;
        long mixed = Integer.rotateLeft(INVERSE_MIXED[x], 8 * row) & 0xFFFF_FFFFL;
        quadword ^= mixed << (32 * (i >> 2));
      }
      r[at + q] = quadword;
    }
  }

  private static void keyGenerationAssist(long[] r, long[] a, long[] b, int at, int imm) {
    for (int q = 0; q < 2; q++) {
      int word = substitute((int) (a[at + q] >>> 32));
      int rotated = Integer.rotateRight(word, 8) ^ imm;
      r[at + q] = (word & 0xFFFF_FFFFL) | (long) rotated << 32;
    }
  }

  private static int substitute(int word) {
    int r = 0;
    for (int i = 0; i < 32; i += 8) {
      r |= (S_BOX[word >>> i & 0xFF] & 0xFF) << i;
    }
    return r;
  }
}
