package dev.hindsight.timeline;

/** Numbers from a seed: each is a mix of the seed and a counter. */
final class Dice {
  private static final long STEP = 0x9E37_79B9_7F4A_7C15L;

  private long state;

  Dice(long seed) {
    state = seed;
  }

  private long next() {
    state += STEP;
    long z = (state ^ (state >>> 31)) * 0xD6E8_FEB8_6659_FD93L;
    z = (z ^ (z >>> 32)) * 0xD6E8_FEB8_6659_FD93L;
    return z ^ (z >>> 32);
  }

  /** From 0 to below a limit. */
  int below(int limit) {
    return (int) Long.remainderUnsigned(next(), limit);
  }

  /** From 1 to a limit, short ones as likely as long ones. */
  long length(long limit) {
    long largest = Math.max(1, limit >>> below(Long.SIZE - Long.numberOfLeadingZeros(limit)));
    return 1 + Long.remainderUnsigned(next(), largest);
  }
}
