package dev.hindsight.cpu.instructions.sse;

import static dev.hindsight.cpu.instructions.vector.PackedForms.join;
import static dev.hindsight.cpu.instructions.vector.PackedForms.lanes;

import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.instructions.vector.VectorOperands;
import dev.hindsight.cpu.instructions.vector.VectorState;
import dev.hindsight.x86.Mnemonic;

/** The SHA extensions: rounds and message schedules of SHA-1 and SHA-256 (FIPS 180-4). */
final class Sha {
  private static final int[] SHA1_K = {0x5A82_7999, 0x6ED9_EBA1, 0x8F1B_BCDC, 0xCA62_C1D6};

  private Sha() {}

  static void register(SemanticTable.Builder t) {
    t.add(Mnemonic.SHA1RNDS4, lanes(Sha::sha1Rounds));
    t.add(Mnemonic.SHA1NEXTE, lanes(Sha::sha1NextE));
    t.add(Mnemonic.SHA1MSG1, lanes(Sha::sha1Message1));
    t.add(Mnemonic.SHA1MSG2, lanes(Sha::sha1Message2));
    t.add(Mnemonic.SHA256MSG1, lanes(Sha::sha256Message1));
    t.add(Mnemonic.SHA256MSG2, lanes(Sha::sha256Message2));
    t.add(Mnemonic.SHA256RNDS2, sha256Rounds());
  }

  /** Doubleword n, 0 the lowest. */
  private static int word(long[] q, int n) {
    return (int) (q[n >> 1] >>> (32 * (n & 1)));
  }

  private static int choose(int x, int y, int z) {
    return (x & y) ^ (~x & z);
  }

  private static int majority(int x, int y, int z) {
    return (x & y) ^ (x & z) ^ (y & z);
  }

  private static void sha1Rounds(long[] r, long[] s, long[] w, int at, int imm) {
    int kind = imm & 3;
    int a = word(s, 3);
    int b = word(s, 2);
    int c = word(s, 1);
    int d = word(s, 0);
    // the first message word comes with E added in
    int e = 0;
    for (int i = 0; i < 4; i++) {
      int f =
          switch (kind) {
            case 0 -> choose(b, c, d);
            case 2 -> majority(b, c, d);
            default -> b ^ c ^ d;
          };
      int next = f + Integer.rotateLeft(a, 5) + word(w, 3 - i) + e + SHA1_K[kind];
      e = d;
      d = c;
      c = Integer.rotateLeft(b, 30);
      b = a;
      a = next;
    }
    r[0] = join(d, c);
    r[1] = join(b, a);
  }

  private static void sha1NextE(long[] r, long[] a, long[] b, int at, int imm) {
    r[0] = b[0];
    r[1] = join(b[1], word(b, 3) + Integer.rotateLeft(word(a, 3), 30));
  }

  private static void sha1Message1(long[] r, long[] a, long[] b, int at, int imm) {
    r[0] = a[0] ^ b[1];
    r[1] = a[1] ^ a[0];
  }

  private static void sha1Message2(long[] r, long[] a, long[] b, int at, int imm) {
    int w16 = Integer.rotateLeft(word(a, 3) ^ word(b, 2), 1);
    int w17 = Integer.rotateLeft(word(a, 2) ^ word(b, 1), 1);
    int w18 = Integer.rotateLeft(word(a, 1) ^ word(b, 0), 1);
    int w19 = Integer.rotateLeft(word(a, 0) ^ w16, 1);
    r[0] = join(w19, w18);
    r[1] = join(w17, w16);
  }

  private static int sigma0(int x) {
    return Integer.rotateRight(x, 7) ^ Integer.rotateRight(x, 18) ^ x >>> 3;
  }

  private static int sigma1(int x) {
    return Integer.rotateRight(x, 17) ^ Integer.rotateRight(x, 19) ^ x >>> 10;
  }

  private static void sha256Message1(long[] r, long[] a, long[] b, int at, int imm) {
    r[0] = join(word(a, 0) + sigma0(word(a, 1)), word(a, 1) + sigma0(word(a, 2)));
    r[1] = join(word(a, 2) + sigma0(word(a, 3)), word(a, 3) + sigma0(word(b, 0)));
  }

  private static void sha256Message2(long[] r, long[] a, long[] b, int at, int imm) {
    int w16 = word(a, 0) + sigma1(word(b, 2));
    int w17 = word(a, 1) + sigma1(word(b, 3));
    r[0] = join(w16, w17);
    r[1] = join(word(a, 2) + sigma1(w16), word(a, 3) + sigma1(w17));
  }

  /** SHA256RNDS2: two rounds, with the message words and constants in XMM0. */
  private static Semantic sha256Rounds() {
    long[] x = new long[4];
    long[] y = new long[4];
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      VectorOperands.read(cpu, in, 0, x);
      VectorOperands.read(cpu, in, 1, y);
      long wk = cpu.vectors().get(0, 0);
      int a = word(y, 3);
      int b = word(y, 2);
      int c = word(x, 3);
      int d = word(x, 2);
      int e = word(y, 1);
      int f = word(y, 0);
      int g = word(x, 1);
      int h = word(x, 0);
      for (int i = 0; i < 2; i++) {
        int t1 =
            h
                + (Integer.rotateRight(e, 6)
                    ^ Integer.rotateRight(e, 11)
                    ^ Integer.rotateRight(e, 25))
                + choose(e, f, g)
                + (int) (wk >>> (32 * i));
        int t2 =
            (Integer.rotateRight(a, 2) ^ Integer.rotateRight(a, 13) ^ Integer.rotateRight(a, 22))
                + majority(a, b, c);
        h = g;
        g = f;
        f = e;
        e = d + t1;
        d = c;
        c = b;
        b = a;
        a = t1 + t2;
      }
      x[0] = join(f, e);
      x[1] = join(b, a);
      VectorOperands.write(cpu, in, 0, x);
    };
  }
}
