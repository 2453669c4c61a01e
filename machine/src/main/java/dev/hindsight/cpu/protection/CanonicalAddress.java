package dev.hindsight.cpu.protection;

/** The canonical form of 48-bit linear addresses (SDM volume 1, section 3.3.7.1). */
final class CanonicalAddress {
  private CanonicalAddress() {}

  /** Whether bits 63:47 are all equal. */
  static boolean holds(long linear) {
    return linear << 16 >> 16 == linear;
  }
}
