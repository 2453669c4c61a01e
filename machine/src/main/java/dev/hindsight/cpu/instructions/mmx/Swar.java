package dev.hindsight.cpu.instructions.mmx;

/**
 * Integer arithmetic on all elements of a quadword at once.
 *
 * <p>The element size is told by a mask {@code h} of the elements' most significant bits. Additions
 * leave those bits out and put their sums in afterwards, so that no carry crosses an element;
 * comparisons give the borrow out of each element and spread it over the element.
 */
final class Swar {
  /** Most significant bits of bytes. */
  static final long BYTES = 0x8080_8080_8080_8080L;

  /** Most significant bits of words. */
  static final long WORDS = 0x8000_8000_8000_8000L;

  /** Most significant bits of doublewords. */
  static final long DOUBLEWORDS = 0x8000_0000_8000_0000L;

  /** Most significant bit of a quadword. */
  static final long QUADWORDS = Long.MIN_VALUE;

  private Swar() {}

  static long add(long a, long b, long h) {
    return ((a & ~h) + (b & ~h)) ^ ((a ^ b) & h);
  }

  static long subtract(long a, long b, long h) {
    return ((a | h) - (b & ~h)) ^ ((a ^ ~b) & h);
  }

  /** Fills each element with its most significant bit; the other bits of {@code t} must be 0. */
  private static long spread(long t, long h) {
    return (t - (t >>> (Long.numberOfTrailingZeros(h)))) | t;
  }

  /** All ones where the elements are equal. */
  static long equal(long a, long b, long h) {
    long x = a ^ b;
    long nonZero = (((x & ~h) + ~h) | x) & h;
    return spread(nonZero ^ h, h);
  }

  /** All ones where {@code a > b}, unsigned. */
  static long aboveUnsigned(long a, long b, long h) {
    long difference = subtract(b, a, h);
    return spread(((~b & a) | ((~b | a) & difference)) & h, h);
  }

  /** All ones where {@code a > b}, signed. */
  static long greater(long a, long b, long h) {
    return aboveUnsigned(a ^ h, b ^ h, h);
  }

  /** {@code a} where the mask is set, else {@code b}. */
  static long select(long mask, long a, long b) {
    return (a & mask) | (b & ~mask);
  }

  static long minUnsigned(long a, long b, long h) {
    return select(aboveUnsigned(a, b, h), b, a);
  }

  static long maxUnsigned(long a, long b, long h) {
    return select(aboveUnsigned(a, b, h), a, b);
  }

  static long minSigned(long a, long b, long h) {
    return select(greater(a, b, h), b, a);
  }

  static long maxSigned(long a, long b, long h) {
    return select(greater(a, b, h), a, b);
  }

  static long addSaturatingUnsigned(long a, long b, long h) {
    long sum = add(a, b, h);
    return sum | spread(((a & b) | ((a | b) & ~sum)) & h, h);
  }

  static long subtractSaturatingUnsigned(long a, long b, long h) {
    return subtract(a, b, h) & ~aboveUnsigned(b, a, h);
  }

  static long addSaturatingSigned(long a, long b, long h) {
    long sum = add(a, b, h);
    return select(spread(~(a ^ b) & (a ^ sum) & h, h), extreme(a, h), sum);
  }

  static long subtractSaturatingSigned(long a, long b, long h) {
    long difference = subtract(a, b, h);
    return select(spread((a ^ b) & (a ^ difference) & h, h), extreme(a, h), difference);
  }

  /** The greatest signed value where {@code a >= 0}, the least where it is negative. */
  private static long extreme(long a, long h) {
    return ~h ^ spread(a & h, h);
  }

  /** Unsigned average, halves rounded up. */
  static long average(long a, long b, long h) {
    return (a | b) - (((a ^ b) >>> 1) & ~h);
  }

  /** Absolute value; the least value stays. */
  static long absolute(long a, long h) {
    long negative = spread(a & h, h);
    return subtract(a ^ negative, negative, h);
  }

  /** {@code a}, negated where {@code b} is negative, 0 where {@code b} is 0. */
  static long sign(long a, long b, long h) {
    long negative = spread(b & h, h);
    return subtract(a ^ negative, negative, h) & ~equal(b, 0, h);
  }
}
