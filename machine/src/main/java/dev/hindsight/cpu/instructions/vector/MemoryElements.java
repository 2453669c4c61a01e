package dev.hindsight.cpu.instructions.vector;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;

/**
 * Memory operands of which only chosen elements are touched. An element that is not chosen is never
 * accessed and cannot fault. Alignment is never checked.
 */
public final class MemoryElements {
  private MemoryElements() {}

  private static long get(long[] q, int n, int bits) {
    int at = n * bits;
    return q[at >>> 6] >>> (at & 63);
  }

  /** Whether the most significant bit of element {@code n} is set. */
  public static boolean isNegative(long[] q, int n, int bits) {
    return (get(q, n, bits) >>> (bits - 1) & 1) != 0;
  }

  /**
   * Reads the elements whose mask is negative, in order; the others become 0.
   *
   * @param bits size of an element: 32 or 64
   */
  public static void load(
      Vcpu cpu, Instruction in, int operand, long[] mask, int bits, long[] into) {
    MemoryOperand m = (MemoryOperand) in.operand(operand);
    long offset = cpu.segmented().offset(m);
    int segment = m.segment().number();
    into[0] = 0;
    into[1] = 0;
    into[2] = 0;
    into[3] = 0;
    int elements = m.bits() / bits;
    int bytes = bits >>> 3;
    for (int i = 0; i < elements; i++) {
      if (isNegative(mask, i, bits)) {
        long linear = cpu.segmented().readable(segment, offset + (long) i * bytes, bytes);
        int at = i * bits;
        into[at >>> 6] |= cpu.memory().readUnaligned(linear, bytes) << (at & 63);
      }
    }
  }

  /**
   * Writes the elements whose mask is negative, after all of them were found writable.
   *
   * @param bits size of an element: 8, 32 or 64
   * @param size size of the whole operand in bits
   */
  public static void store(
      Vcpu cpu, MemoryOperand m, long[] mask, int bits, int size, long[] from) {
    long offset = cpu.segmented().offset(m);
    int segment = m.segment().number();
    int elements = size / bits;
    int bytes = bits >>> 3;
    for (int i = 0; i < elements; i++) {
      if (isNegative(mask, i, bits)) {
        long linear = cpu.segmented().writable(segment, offset + (long) i * bytes, bytes);
        cpu.memory().probeWriteUnaligned(linear, bytes);
      }
    }
    for (int i = 0; i < elements; i++) {
      if (isNegative(mask, i, bits)) {
        long linear = cpu.segmented().writable(segment, offset + (long) i * bytes, bytes);
        cpu.memory().writeUnaligned(linear, bytes, get(from, i, bits));
      }
    }
  }
}
