package dev.hindsight.cpu.floating;

import java.util.Random;

/** Random operands that prefer what is hard: specials, neighbours of powers, close exponents. */
final class RandomOperands {
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

  RandomOperands(long seed) {
    random = new Random(seed);
  }

  Random random() {
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

  long binary64() {
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

  int binary32() {
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

  /** Rounding control, DAZ and FTZ at random; all masked, or masks at random. */
  int mxcsr() {
    int masks = random.nextInt(4) == 0 ? random.nextInt(64) : 63;
    int zeros = random.nextInt(3) == 0 ? random.nextInt(4) : 0;
    return masks << 7 | random.nextInt(4) << 13 | (zeros & 1) << 6 | (zeros & 2) << 14;
  }
}
