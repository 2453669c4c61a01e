package dev.hindsight.cpu.instructions.general;

import dev.hindsight.cpu.Flags;

/**
 * Shifts and rotates (SDM volume 2, SAL to SHR, RCL to ROR, SHLD, SHRD). {@code bits} is 8, 16, 32
 * or 64; {@code count} is unmasked and its bits above 5 (6 with 64-bit operands) are ignored. With
 * a masked count of 0 no flag changes.
 *
 * <p>Where the manual leaves OF undefined (counts other than 1) it is what the same formula gives
 * that holds for 1; AF after a shift is 1. See {@code docs/undefined.md}.
 */
public final class Shifts {
  private Shifts() {}

  /** The part of a shift count that counts: 6 bits with 64-bit operands, else 5. */
  public static int mask(int count, int bits) {
    return count & (bits == 64 ? 63 : 31);
  }

  private static long truncate(long value, int bits) {
    return value & (-1L >>> (64 - bits));
  }

  private static boolean bit(long value, int n) {
    return ((value >>> n) & 1) != 0;
  }

  /** SHL (SAL). */
  public static long shl(Flags f, long a, int count, int bits) {
    int n = mask(count, bits);
    if (n == 0) {
      return a;
    }
    long r = a << n;
    boolean cf = n <= bits && bit(a, bits - n);
    f.set(r, bits, cf, cf != bit(r, bits - 1), true);
    return r;
  }

  /** SHR. */
  public static long shr(Flags f, long a, int count, int bits) {
    int n = mask(count, bits);
    if (n == 0) {
      return a;
    }
    long value = truncate(a, bits);
    long r = value >>> n;
    boolean of = n == 1 && bit(value, bits - 1);
    f.set(r, bits, bit(value, n - 1), of, true);
    return r;
  }

  /** SAR. */
  public static long sar(Flags f, long a, int count, int bits) {
    int n = mask(count, bits);
    if (n == 0) {
      return a;
    }
    long value = (a << (64 - bits)) >> (64 - bits);
    long r = value >> n;
    f.set(r, bits, bit(value, n - 1), false, true);
    return r;
  }

  /** ROL: CF and OF alone change. */
  public static long rol(Flags f, long a, int count, int bits) {
    if (mask(count, bits) == 0) {
      return a;
    }
    long r = rotateLeft(a, count, bits);
    boolean cf = bit(r, 0);
    f.cf(cf);
    f.of(cf != bit(r, bits - 1));
    return r;
  }

  /** ROR: CF and OF alone change. */
  public static long ror(Flags f, long a, int count, int bits) {
    if (mask(count, bits) == 0) {
      return a;
    }
    long r = rotateLeft(a, -count, bits);
    boolean cf = bit(r, bits - 1);
    f.cf(cf);
    f.of(cf != bit(r, bits - 2));
    return r;
  }

  /** Rotation without flags, zero-extended; {@code count} is taken modulo {@code bits}. */
  static long rotateLeft(long a, int count, int bits) {
    if (bits == 64) {
      return Long.rotateLeft(a, count);
    }
    int n = count & (bits - 1);
    long value = truncate(a, bits);
    return truncate((value << n) | (value >>> (bits - n)), bits);
  }

  /** RCL: rotates through CF; CF and OF alone change. */
  public static long rcl(Flags f, long a, int count, int bits) {
    int masked = mask(count, bits);
    if (masked == 0) {
      return a;
    }
    int n = bits >= 32 ? masked : masked % (bits + 1);
    long value = truncate(a, bits);
    long r = value;
    boolean cf = f.cf();
    if (n != 0) {
      // bits + 1 bits rotate; the two shifts by less than 64 make up one that may be by 64
      r = (value << (n - 1) << 1) | ((cf ? 1L : 0) << (n - 1)) | (value >>> 1 >>> (bits - n));
      cf = bit(value, bits - n);
    }
    f.cf(cf);
    f.of(cf != bit(r, bits - 1));
    return r;
  }

  /** RCR: rotates through CF; CF and OF alone change. */
  public static long rcr(Flags f, long a, int count, int bits) {
    int masked = mask(count, bits);
    if (masked == 0) {
      return a;
    }
    int n = bits >= 32 ? masked : masked % (bits + 1);
    long value = truncate(a, bits);
    long r = value;
    boolean cf = f.cf();
    if (n != 0) {
      r = (value >>> n) | ((cf ? 1L : 0) << (bits - n)) | (value << 1 << (bits - n));
      cf = bit(value, n - 1);
    }
    f.cf(cf);
    f.of(bit(r, bits - 1) != bit(r, bits - 2));
    return r;
  }

  /**
   * SHLD. With 16-bit operands and counts above 16 the bits of {@code b} come in again, and CF is
   * 0.
   */
  public static long shld(Flags f, long a, long b, int count, int bits) {
    int n = mask(count, bits);
    if (n == 0) {
      return a;
    }
    long low = truncate(b, bits);
    long r;
    if (bits == 16) {
      r = ((a << 32) | (low << 16) | low) << n >>> 32;
    } else {
      r = (a << n) | (low >>> (bits - n));
    }
    boolean cf = n <= bits && bit(a, bits - n);
    f.set(r, bits, cf, cf != bit(r, bits - 1), true);
    return r;
  }

  /**
   * SHRD. With 16-bit operands and counts above 16 the bits of {@code b} come in again, and CF is
   * 0.
   */
  public static long shrd(Flags f, long a, long b, int count, int bits) {
    int n = mask(count, bits);
    if (n == 0) {
      return a;
    }
    long value = truncate(a, bits);
    long high = truncate(b, bits);
    long r;
    if (bits == 16) {
      r = ((high << 32) | (high << 16) | value) >>> n;
    } else {
      r = (value >>> n) | (high << (bits - n));
    }
    boolean cf = n <= bits && bit(value, n - 1);
    f.set(r, bits, cf, bit(r, bits - 1) != bit(r, bits - 2), true);
    return r;
  }
}
