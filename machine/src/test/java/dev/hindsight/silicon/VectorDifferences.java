package dev.hindsight.silicon;

import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Prefixes;
import dev.hindsight.x86.Register;

/** What can be said of the vector registers of two outcomes that differ. */
final class VectorDifferences {
  private static final int QUADWORDS = 4;

  private VectorDifferences() {}

  /** Whether each element that differs is a NaN in both. */
  static boolean areNaNs(Instruction in, Outcome host, Outcome ours) {
    boolean doubles = in.mnemonic() == Mnemonic.DPPD || in.mnemonic() == Mnemonic.VDPPD;
    for (int i = 0; i < 16; i++) {
      for (int n = 0; n < QUADWORDS; n++) {
        long h = host.state().ymm(i, n);
        long o = ours.state().ymm(i, n);
        boolean same =
            doubles
                ? h == o || isNaN64(h) && isNaN64(o)
                : areSameOrNaNs((int) h, (int) o)
                    && areSameOrNaNs((int) (h >>> 32), (int) (o >>> 32));
        if (!same) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean areSameOrNaNs(int one, int other) {
    return one == other || isNaN32(one) && isNaN32(other);
  }

  // patterns, not Java's numbers: these need not keep a NaN
  private static boolean isNaN32(int bits) {
    return (bits & 0x7FFF_FFFF) > 0x7F80_0000;
  }

  private static boolean isNaN64(long bits) {
    return (bits & Long.MAX_VALUE) > 0x7FF0_0000_0000_0000L;
  }

  /**
   * Whether a gather was suspended at the same element and the makers differ only in what they may:
   * the host has filled the elements of the mask with their signs, where ours are as they were; and
   * beyond the last element it may have cleared the mask and the destination.
   */
  static boolean areOfSuspendedGather(Instruction in, Outcome host, Outcome ours) {
    int destination = ((Register) in.operand(0)).number();
    int mask = ((Register) in.operand(2)).number();
    int vector = in.has(Prefixes.VEX_L) ? QUADWORDS : 2;
    int quadwords =
        switch (in.mnemonic()) {
          case VGATHERQPS, VPGATHERQD -> vector / 2;
          default -> vector;
        };
    boolean narrow =
        switch (in.mnemonic()) {
          case VGATHERDPS, VGATHERQPS, VPGATHERDD, VPGATHERQD -> true;
          default -> false;
        };
    for (int i = 0; i < 16; i++) {
      for (int n = 0; n < QUADWORDS; n++) {
        long h = host.state().ymm(i, n);
        long o = ours.state().ymm(i, n);
        boolean cleared = h == 0 && n >= quadwords && (i == mask || i == destination);
        boolean filled = i == mask && h == signs(o, narrow);
        if (h != o && !cleared && !filled) {
          return false;
        }
      }
    }
    return true;
  }

  private static long signs(long q, boolean narrow) {
    return narrow ? (q >> 63 << 32) | ((int) q >> 31 & 0xFFFF_FFFFL) : q >> 63;
  }

  /** Whether an element of the second operand, a register of single precision, is denormal. */
  static boolean hasDenormal(Instruction in, CpuState state) {
    if (!(in.operand(1) instanceof Register source)) {
      return false;
    }
    for (int n = 0; n < source.bits() >> 6; n++) {
      long q = state.ymm(source.number(), n);
      if (isDenormal((int) q) || isDenormal((int) (q >>> 32))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isDenormal(int bits) {
    int magnitude = bits & 0x7FFF_FFFF;
    return magnitude != 0 && magnitude < 0x80_0000;
  }
}
