package dev.hindsight.cpu.instructions.sse;

import dev.hindsight.cpu.floating.Binary32;
import dev.hindsight.cpu.floating.Binary64;
import dev.hindsight.cpu.floating.FloatEnvironment;

/**
 * The 32 predicates of CMPPS and its kin (SDM volume 2, CMPPD, table "Comparison Predicate"). The
 * low four bits tell what is true, bit 4 exchanges the signaling and the quiet form.
 */
final class FloatPredicate {
  /** By predicate: bit 0 true if less, bit 1 if equal, bit 2 if greater, bit 3 if unordered. */
  private static final long TRUE_IF = 0xF465_0B9A_7CED_8312L;

  /** Bit n: predicate n signals QNaNs. */
  private static final int SIGNALING = 0b0110_0110_0110_0110;

  private FloatPredicate() {}

  private static boolean signals(int predicate) {
    return ((SIGNALING >> (predicate & 15) ^ predicate >> 4) & 1) != 0;
  }

  private static boolean holds(int predicate, int order) {
    return (TRUE_IF >>> (4 * (predicate & 15)) >>> (order + 1) & 1) != 0;
  }

  /** Whether a predicate, 0 to 31, holds. */
  static boolean test(int a, int b, int predicate, FloatEnvironment e) {
    return holds(predicate, Binary32.compare(a, b, signals(predicate), e));
  }

  /** Whether a predicate, 0 to 31, holds. */
  static boolean test(long a, long b, int predicate, FloatEnvironment e) {
    return holds(predicate, Binary64.compare(a, b, signals(predicate), e));
  }
}
