package dev.hindsight.cpu.floating;

import java.util.Random;

/** Random operands that prefer what is hard: specials, neighbours of powers, close exponents. */
public final class RandomOperands {
  private static final long[] SPECIAL_64 = {
    0,
    1,
    2,
    0x000F_FFFF_FFFF_FFFFL,
    0x0010_0000_0000_0000L,
    0x0010_0000_0000_0001L,
    0x3FEF_FFFF_FFFF_FFFFL,
    0x3FF0_0000_0000_0000L,
    0x3FF0_0000_0000_0001L,
    0x4000_0000_0000_0000L,
    0x7FEF_FFFF_FFFF_FFFFL,
    0x7FF0_0000_0000_0000L,
    0x7FF0_0000_0000_0001L,
    0x7FF8_0000_0000_0000L,
    0x7FFF_FFFF_FFFF_FFFFL,
    0x43E0_0000_0000_0000L,
    0x41DF_FFFF_FFE0_0000L,
    0x3FE0_0000_0000_0000L,
  };

  private final Random random;

  /** A generator. */
  public RandomOperands(long seed) {
    random = new Random(seed);
  }

  /** What it draws from. */
  public Random random() {
    return random;
  }

  /** A significand field with runs of ones and zeros more often than not. */
  private long fraction(int bits) {
    long mask = (1L << bits) - 1;
    return switch (random.nextInt(6)) {
      case 0 -> 0;
      case 1 -> mask;
      case 2 -> 1L << random.nextInt(bits);
      case 3 -> mask - (1L << random.nextInt(bits));
      case 4 -> random.nextLong() & mask & -(1L << random.nextInt(bits));
      default -> random.nextLong() & mask;
    };
  }

  /** A binary64 of any class. */
  public long binary64() {
    long sign = random.nextLong() & Long.MIN_VALUE;
    return sign
        | switch (random.nextInt(8)) {
          case 0 -> SPECIAL_64[random.nextInt(SPECIAL_64.length)];
          case 1 -> fraction(52);
          case 2 -> 0x7FFL << 52 | fraction(52);
          case 3 -> random.nextLong() & Long.MAX_VALUE;
          case 4 -> (long) random.nextInt(100) << 52 | fraction(52);
          case 5 -> (long) (2046 - random.nextInt(100)) << 52 | fraction(52);
          default -> (long) (1023 + random.nextInt(141) - 70) << 52 | fraction(52);
        };
  }

  /** A binary32 of any class. */
  public int binary32() {
    int sign = random.nextInt() & Integer.MIN_VALUE;
    return sign
        | switch (random.nextInt(8)) {
          case 0 -> {
            long special = SPECIAL_64[random.nextInt(SPECIAL_64.length)];
            int field = (int) (special >>> 52);
            int narrow = field == 0x7FF ? 0xFF : field == 0 ? 0 : Math.clamp(field - 896, 1, 254);
            yield narrow << 23 | (int) (special >>> 29 | special) & 0x7F_FFFF;
          }
          case 1 -> (int) fraction(23);
          case 2 -> 0xFF << 23 | (int) fraction(23);
          case 3 -> random.nextInt() & Integer.MAX_VALUE;
          case 4 -> random.nextInt(40) << 23 | (int) fraction(23);
          case 5 -> (254 - random.nextInt(40)) << 23 | (int) fraction(23);
          default -> (127 + random.nextInt(81) - 40) << 23 | (int) fraction(23);
        };
  }

  /** A finite number near another: sums cancel, products with third operands come close. */
  long near(long a) {
    return a ^ random.nextLong() & Long.MIN_VALUE ^ random.nextLong(1L << random.nextInt(1, 54));
  }

  int near(int a) {
    return a ^ random.nextInt() & Integer.MIN_VALUE ^ random.nextInt(1 << random.nextInt(1, 25));
  }

  /** Sign and exponent, then significand of an 80-bit number, of any class. */
  public long[] binary80() {
    int sign = random.nextInt() & 0x8000;
    long significand = fraction(63) | Long.MIN_VALUE;
    return switch (random.nextInt(12)) {
      case 0 -> new long[] {sign, random.nextBoolean() ? 0 : fraction(63)};
      case 1 -> new long[] {sign | 0x7FFF, significand};
      case 2 -> new long[] {sign | 0x7FFF, Long.MIN_VALUE};
      case 3 ->
          random.nextInt(3) == 0
              ? new long[] {sign | random.nextInt(0x8000), fraction(63)}
              : new long[] {sign, significand};
      case 4 -> new long[] {sign | 1 + random.nextInt(130), significand};
      case 5 -> new long[] {sign | 0x7FFE - random.nextInt(130), significand};
      case 6 -> new long[] {sign | random.nextInt(0x8000), significand};
      case 7 -> {
        long integer = random.nextLong() >> random.nextInt(64);
        long magnitude = Math.abs(integer);
        int zeros = Long.numberOfLeadingZeros(magnitude);
        yield magnitude == 0
            ? new long[] {sign, 0}
            : new long[] {sign | 0x3FFF + 63 - zeros, magnitude << zeros};
      }
      case 8 -> new long[] {sign | 0x3FFF - 127 + random.nextInt(254), significand};
      case 9 -> new long[] {sign | 0x3FFF - 1100 + random.nextInt(2200), significand};
      default -> new long[] {sign | 0x3FFF - 35 + random.nextInt(70), significand};
    };
  }

  /** An 80-bit number close to another in exponent and significand. */
  public long[] near(long[] a) {
    long s = a[1] ^ random.nextLong(1L << random.nextInt(1, 62));
    long e = a[0] ^ random.nextInt() & 0x8000;
    return new long[] {random.nextInt(3) == 0 && e != 0 ? e ^ 1 : e, s};
  }

  /** Rounding control, DAZ and FTZ at random; all masked, or masks at random. */
  int mxcsr() {
    int masks = random.nextInt(4) == 0 ? random.nextInt(64) : 63;
    int zeros = random.nextInt(3) == 0 ? random.nextInt(4) : 0;
    return masks << 7 | random.nextInt(4) << 13 | (zeros & 1) << 6 | (zeros & 2) << 14;
  }
}
