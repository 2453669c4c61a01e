package dev.hindsight.memory;

/**
 * The hash of a page's contents that the state hash is made of.
 *
 * <p>It is not cryptographic; it is fast and has one guarantee: pages that differ in one 8-byte
 * word only have different hashes for certain (but for the one value that is moved away from 0).
 * Eight lanes each take every eighth word; a lane's step and the final folding of the lanes are
 * bijections of the word for a given lane and of the lane for a given word, so that a lone
 * difference can never be lost. Other differences are missed with probability 2^-64.
 */
final class PageHash {
  private static final long STEP = 0xD1B5_4A32_D192_ED03L;
  private static final long FOLD = 0xAEF1_7502_108E_F2D9L;
  private static final long PAGE = 0x9E37_79B9_7F4A_7C15L;
  private static final int LANES_BYTES = 64;

  private PageHash() {}

  /**
   * The hash of a page in its place.
   *
   * @param number page number within its RAM
   * @param address host address of the contents
   * @return 0 if and only if all bytes are 0
   */
  static long of(long number, long address) {
    long a = 1;
    long b = 2;
    long c = 3;
    long d = 4;
    long e = 5;
    long f = 6;
    long g = 7;
    long h = 8;
    long any = 0;
    for (long at = address, end = address + PagePool.PAGE_BYTES; at != end; at += LANES_BYTES) {
      long p = HostMemory.getLong(at);
      long q = HostMemory.getLong(at + 8);
      long r = HostMemory.getLong(at + 16);
      long s = HostMemory.getLong(at + 24);
      long t = HostMemory.getLong(at + 32);
      long u = HostMemory.getLong(at + 40);
      long v = HostMemory.getLong(at + 48);
      long w = HostMemory.getLong(at + 56);
      any |= p | q | r | s | t | u | v | w;
      a = step(a, p);
      b = step(b, q);
      c = step(c, r);
      d = step(d, s);
      e = step(e, t);
      f = step(f, u);
      g = step(g, v);
      h = step(h, w);
    }
    if (any == 0) {
      return 0;
    }
    long hash = fold(number * PAGE, a);
    hash = fold(hash, b);
    hash = fold(hash, c);
    hash = fold(hash, d);
    hash = fold(hash, e);
    hash = fold(hash, f);
    hash = fold(hash, g);
    hash = fold(hash, h);
    return hash == 0 ? PAGE : hash;
  }

  /** Bijective in each argument: xor, odd multiplication, and a rotation. */
  private static long step(long lane, long word) {
    return Long.rotateLeft((lane ^ word) * STEP, 29);
  }

  private static long fold(long hash, long lane) {
    long x = (hash ^ lane) * FOLD;
    return x ^ (x >>> 32);
  }
}
