package dev.hindsight.cpu.instructions.general;

import dev.hindsight.cpu.Flags;

/**
 * Counting, finding and extracting bits (SDM volume 2: BSF, BSR, LZCNT, TZCNT, POPCNT, BMI1, BMI2,
 * CRC32). Operands must be zero-extended from {@code bits} (16, 32 or 64).
 */
public final class Bits {
  /** Castagnoli's polynomial, bits reflected. */
  private static final int CRC32C = 0x82F6_3B78;

  private Bits() {}

  /**
   * BSF or BSR of a value other than 0, and the flags of both for any value: ZF if the source is 0;
   * PF (undefined by the manual) is the parity of the result, or 1; CF, OF, SF and AF are 0.
   *
   * @return the index, or -1 if the source is 0: then the destination keeps its value
   */
  public static int scanForward(Flags f, long source) {
    int index = source == 0 ? -1 : Long.numberOfTrailingZeros(source);
    scanFlags(f, index);
    return index;
  }

  /** BSR: see {@link #scanForward}. */
  public static int scanReverse(Flags f, long source) {
    int index = source == 0 ? -1 : 63 - Long.numberOfLeadingZeros(source);
    scanFlags(f, index);
    return index;
  }

  private static void scanFlags(Flags f, int index) {
    if (index < 0) {
      f.afterLogic(0, 8);
    } else {
      f.arithmetic((Integer.bitCount(index) & 1) == 0 ? Flags.PF : 0);
    }
  }

  /** LZCNT: CF if the source is 0, ZF if the result is; the others are 0. */
  public static long lzcnt(Flags f, long source, int bits) {
    int r = Long.numberOfLeadingZeros(source) - (64 - bits);
    f.arithmetic((source == 0 ? Flags.CF : 0) | (r == 0 ? Flags.ZF : 0));
    return r;
  }

  /** TZCNT: CF if the source is 0, ZF if the result is; the others are 0. */
  public static long tzcnt(Flags f, long source, int bits) {
    int r = source == 0 ? bits : Long.numberOfTrailingZeros(source);
    f.arithmetic((source == 0 ? Flags.CF : 0) | (r == 0 ? Flags.ZF : 0));
    return r;
  }

  /** POPCNT: ZF if the source is 0; the others are 0. */
  public static long popcnt(Flags f, long source) {
    f.arithmetic(source == 0 ? Flags.ZF : 0);
    return Long.bitCount(source);
  }

  /** ANDN: {@code ~a & b}. */
  public static long andn(Flags f, long a, long b, int bits) {
    long r = ~a & b;
    f.afterLogic(r, bits);
    return r;
  }

  /** BEXTR: {@code control} has the first bit in bits 7:0 and the length in bits 15:8. */
  public static long bextr(Flags f, long source, long control, int bits) {
    int start = (int) control & 0xFF;
    int length = (int) (control >>> 8) & 0xFF;
    long shifted = start < 64 ? source >>> start : 0;
    long r = length < 64 ? shifted & ((1L << length) - 1) : shifted;
    f.afterLogic(r, bits);
    return r;
  }

  /** BLSI: the lowest set bit. */
  public static long blsi(Flags f, long a, int bits) {
    long r = a & -a;
    f.set(r, bits, a != 0, false, false);
    return r;
  }

  /** BLSMSK: all bits up to the lowest set bit. */
  public static long blsmsk(Flags f, long a, int bits) {
    long r = a ^ (a - 1);
    f.set(r, bits, a == 0, false, false);
    return r;
  }

  /** BLSR: clears the lowest set bit. */
  public static long blsr(Flags f, long a, int bits) {
    long r = a & (a - 1);
    f.set(r, bits, a == 0, false, false);
    return r;
  }

  /** BZHI: clears bits from {@code index} (its low byte) up. */
  public static long bzhi(Flags f, long a, long index, int bits) {
    int n = (int) index & 0xFF;
    long r = n < bits ? a & ((1L << n) - 1) : a;
    f.set(r, bits, n >= bits, false, false);
    return r;
  }

  /** CRC32: takes the low {@code bits} (8 to 64) of {@code data} into a CRC-32C. */
  public static int crc32(int crc, long data, int bits) {
    int c = crc;
    long rest = data;
    for (int i = 0; i < bits; i += 8) {
      c ^= (int) rest & 0xFF;
      for (int k = 0; k < 8; k++) {
        c = (c >>> 1) ^ (CRC32C & -(c & 1));
      }
      rest >>>= 8;
    }
    return c;
  }
}
