package dev.hindsight.silicon;

import java.util.random.RandomGenerator;

/** Random operands, weighted towards those that instructions treat specially. */
public final class Values {
  private static final long[] INTEGERS = {
    0,
    1,
    2,
    3,
    7,
    8,
    15,
    16,
    31,
    32,
    63,
    64,
    0x7F,
    0x80,
    0x81,
    0xFF,
    0x100,
    0x7FFF,
    0x8000,
    0x8001,
    0xFFFF,
    0x1_0000,
    0x7FFF_FFFFL,
    0x8000_0000L,
    0x8000_0001L,
    0xFFFF_FFFFL,
    0x1_0000_0000L,
    0x7FFF_FFFF_FFFF_FFFFL,
    0x8000_0000_0000_0000L,
    0x8000_0000_0000_0001L,
    0xFFFF_FFFF_8000_0000L,
    0xFFFF_FFFF_7FFF_FFFFL,
    0xFFFF_FFFF_FFFF_8000L,
    0xFFFF_FFFF_FFFF_FF80L,
    -2,
    -1,
    0x0000_7FFF_FFFF_FFFFL,
    0x0000_8000_0000_0000L,
    0xFFFF_8000_0000_0000L,
    0x5555_5555_5555_5555L,
    0xAAAA_AAAA_AAAA_AAAAL,
    0x0101_0101_0101_0101L,
    0x7F80_7F80_7F80_7F80L,
    0x8000_7FFF_8000_7FFFL,
    0x0909_9999_1234_5678L
  };

  private Values() {}

  /** A 64-bit integer. */
  public static long integer(RandomGenerator r) {
    return switch (r.nextInt(8)) {
      case 0, 1 -> INTEGERS[r.nextInt(INTEGERS.length)];
      case 2 -> r.nextInt(-64, 65);
      case 3 -> (1L << r.nextInt(64)) + r.nextInt(-1, 2);
      case 4 -> r.nextInt();
      case 5 -> r.nextLong() >>> r.nextInt(64);
      default -> r.nextLong();
    };
  }

  /** A selector, most often one that the host's operating system has a descriptor for. */
  static int selector(RandomGenerator r) {
    return switch (r.nextInt(5)) {
      case 0 -> 0x2B;
      case 1 -> r.nextInt(4);
      case 2 -> 0x23 + r.nextInt(3) * 8;
      case 3 -> r.nextInt(0x78);
      default -> 0x80 + r.nextInt(0xFF80);
    };
  }

  /** The bits of a binary32. */
  public static int binary32(RandomGenerator r) {
    int sign = r.nextInt() & 0x8000_0000;
    return switch (r.nextInt(20)) {
      case 0 -> sign;
      case 1 -> sign | 0x7F80_0000;
      case 2 -> sign | 0x7FC0_0000 | (r.nextInt() & 0x3F_FFFF);
      case 3 -> sign | 0x7F80_0000 | Math.max(1, r.nextInt() & 0x3F_FFFF);
      case 4 -> sign | (r.nextInt() & 0x7F_FFFF);
      case 5 -> sign | (r.nextInt() & 0x7F_FFFF) >>> r.nextInt(23);
      case 6 -> sign | 0x0080_0000 + r.nextInt(-2, 3);
      case 7 -> sign | 0x7F7F_FFFF - r.nextInt(3);
      case 8 -> sign | 0x3F80_0000 + r.nextInt(-3, 4);
      case 9 -> Float.floatToRawIntBits(r.nextInt(-1000, 1001));
      case 10 -> Float.floatToRawIntBits(r.nextInt(-1000, 1001) + 0.5f);
      case 11 -> sign | (127 + r.nextInt(6, 66)) << 23 | few(r, 23);
      case 12 -> r.nextInt();
      case 13 -> sign | r.nextInt(1, 30) << 23 | (r.nextInt() & 0x7F_FFFF);
      case 14 -> sign | r.nextInt(225, 255) << 23 | (r.nextInt() & 0x7F_FFFF);
      default -> sign | (127 + r.nextInt(-30, 31)) << 23 | few(r, 23);
    };
  }

  /** The bits of a binary64. */
  public static long binary64(RandomGenerator r) {
    long sign = r.nextLong() & Long.MIN_VALUE;
    long fraction = r.nextLong() & 0xF_FFFF_FFFF_FFFFL;
    return switch (r.nextInt(20)) {
      case 0 -> sign;
      case 1 -> sign | 0x7FFL << 52;
      case 2 -> sign | 0x7FFL << 52 | fraction | 1L << 51;
      case 3 -> sign | 0x7FFL << 52 | Math.max(1, fraction >>> 1);
      case 4 -> sign | fraction;
      case 5 -> sign | fraction >>> r.nextInt(52);
      case 6 -> sign | (1L << 52) + r.nextInt(-2, 3);
      case 7 -> sign | 0x7FEF_FFFF_FFFF_FFFFL - r.nextInt(3);
      case 8 -> sign | (0x3FFL << 52) + r.nextInt(-3, 4);
      case 9 -> Double.doubleToRawLongBits(r.nextInt(-1000, 1001));
      case 10 -> Double.doubleToRawLongBits(r.nextInt(-1000, 1001) + 0.5);
      case 11 -> sign | (1023L + r.nextInt(6, 66)) << 52 | fewLong(r, 52);
      case 12 -> r.nextLong();
      case 13 -> sign | (long) r.nextInt(1, 60) << 52 | fraction;
      case 14 -> sign | (long) r.nextInt(1990, 2047) << 52 | fraction;
      // around the limits of binary32, for conversions
      case 15 -> sign | (1023L + r.nextInt(-152, -120)) << 52 | fraction;
      case 16 -> sign | (1023L + r.nextInt(125, 130)) << 52 | fraction;
      default -> sign | (1023L + r.nextInt(-60, 61)) << 52 | fewLong(r, 52);
    };
  }

  /** Sign and exponent of an extended-precision number whose significand is drawn apart. */
  public static int signExponent(RandomGenerator r) {
    int sign = r.nextInt() & 0x8000;
    return switch (r.nextInt(16)) {
      case 0, 1 -> sign;
      case 2, 3 -> sign | 0x7FFF;
      case 4 -> sign | r.nextInt(1, 80);
      case 5 -> sign | r.nextInt(0x7FC0, 0x7FFF);
      case 6 -> r.nextInt() & 0xFFFF;
      case 7 -> sign | 0x3FFF + r.nextInt(-1090, -1000);
      case 8 -> sign | 0x3FFF + r.nextInt(1000, 1030);
      case 9 -> sign | 0x3FFF + r.nextInt(-160, -110);
      case 10 -> sign | 0x3FFF + r.nextInt(120, 132);
      case 11 -> sign | 0x3FFF + r.nextInt(0, 70);
      default -> sign | 0x3FFF + r.nextInt(-33, 34);
    };
  }

  /** A significand of extended precision that fits the exponent more often than not. */
  public static long significand(RandomGenerator r, int signExponent) {
    int exponent = signExponent & 0x7FFF;
    long explicit = r.nextInt(12) == 0 ? r.nextLong() : Long.MIN_VALUE;
    if (exponent == 0 && r.nextInt(6) != 0) {
      return r.nextInt(3) == 0 ? 0 : r.nextLong() >>> r.nextInt(1, 64);
    }
    if (exponent == 0x7FFF) {
      return switch (r.nextInt(4)) {
        case 0, 1 -> Long.MIN_VALUE;
        case 2 -> r.nextLong() | 3L << 62;
        default -> Long.MIN_VALUE | r.nextLong() >>> 2;
      };
    }
    return switch (r.nextInt(6)) {
      case 0 -> explicit;
      case 1 -> -1L >>> (explicit >= 0 ? 1 : 0);
      case 2 -> explicit | 1L << r.nextInt(64);
      case 3 -> explicit | -1L << r.nextInt(64);
      default -> explicit | r.nextLong();
    };
  }

  private static int few(RandomGenerator r, int bits) {
    return (int) fewLong(r, bits);
  }

  /** A fraction: of few bits, so that results are exact or ties, or any. */
  private static long fewLong(RandomGenerator r, int bits) {
    long mask = (1L << bits) - 1;
    return switch (r.nextInt(4)) {
      case 0 -> (r.nextLong() << bits - r.nextInt(1, 6)) & mask;
      case 1 -> -1L << r.nextInt(bits) & mask;
      default -> r.nextLong() & mask;
    };
  }
}
