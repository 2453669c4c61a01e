package dev.hindsight.cpu.interpreter;

import dev.hindsight.cpu.DebugRegisters;

/** The fields of DR7 (SDM volume 3, section "Debug Control Register"). */
final class DebugBreakpoints {
  private DebugBreakpoints() {}

  /** Whether breakpoint {@code n} is enabled, locally or globally. */
  static boolean isEnabled(int dr7, int n) {
    return (dr7 >>> (2 * n) & 3) != 0;
  }

  /** Length in bytes: 1, 2, 4 or 8. */
  static int length(int dr7, int n) {
    return switch (dr7 >>> (18 + 4 * n) & 3) {
      case 0 -> 1;
      case 1 -> 2;
      case 2 -> 8;
      default -> 4;
    };
  }

  /** DR6 bits of the enabled instruction breakpoints at a linear address. */
  static int executeHits(DebugRegisters debug, long linear) {
    int dr7 = debug.dr7();
    int hits = 0;
    for (int n = 0; n < 4; n++) {
      if (isEnabled(dr7, n) && (dr7 >>> (16 + 4 * n) & 3) == 0 && debug.address(n) == linear) {
        hits |= 1 << n;
      }
    }
    return hits;
  }
}
