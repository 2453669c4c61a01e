package dev.hindsight.cpu.instructions.vector;

/** What an instruction does to one 128-bit lane. */
@FunctionalInterface
public interface LaneOperator {
  /**
   * Computes quadwords {@code at} and {@code at + 1} of the result.
   *
   * @param r the result
   * @param a the first source
   * @param b the second source
   * @param at 0 or 2: the first quadword of the lane
   * @param immediate the immediate byte, 0 to 255, or 0 where there is none
   */
  void apply(long[] r, long[] a, long[] b, int at, int immediate);
}
