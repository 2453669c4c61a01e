package dev.hindsight.device.apic;

/** A set of interrupt vectors: IRR, ISR or TMR. */
final class VectorSet {
  private final long[] words = new long[4];

  void add(int vector) {
    words[vector >>> 6] |= 1L << (vector & 63);
  }

  void remove(int vector) {
    words[vector >>> 6] &= ~(1L << (vector & 63));
  }

  boolean contains(int vector) {
    return (words[vector >>> 6] & 1L << (vector & 63)) != 0;
  }

  /** The highest vector, or -1. */
  int highest() {
    for (int i = 3; i >= 0; i--) {
      if (words[i] != 0) {
        return i * 64 + 63 - Long.numberOfLeadingZeros(words[i]);
      }
    }
    return -1;
  }

  /** One of the eight 32-bit registers that show the set. */
  int register(int n) {
    return (int) (words[n >>> 1] >>> (32 * (n & 1)));
  }

  void clear() {
    load(new long[4]);
  }

  long[] save() {
    return words.clone();
  }

  void load(long[] saved) {
    System.arraycopy(saved, 0, words, 0, 4);
  }
}
