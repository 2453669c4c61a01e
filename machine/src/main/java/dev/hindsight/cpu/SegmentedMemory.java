package dev.hindsight.cpu;

import dev.hindsight.x86.MemoryOperand;

/**
 * Memory by segment register and offset: limit, type and canonical checks (SDM volume 3, sections
 * 5.3 to 5.5), then {@link LinearMemory}.
 */
public final class SegmentedMemory {
  SegmentedMemory(Vcpu cpu) {}

  /** The effective address (offset in its segment) of an operand, wrapped at its address size. */
  public long offset(MemoryOperand m) {
    return 0;
  }

  /**
   * Linear address of {@code bytes} bytes that are to be read; faults if the segment forbids it.
   */
  public long readable(int segment, long offset, int bytes) {
    return 0;
  }

  /**
   * Linear address of {@code bytes} bytes that are to be written; faults if the segment forbids it.
   */
  public long writable(int segment, long offset, int bytes) {
    return 0;
  }

  /** {@link #readable} of an operand. */
  public long readable(MemoryOperand m, int bytes) {
    return readable(m.segment().number(), offset(m), bytes);
  }

  /** {@link #writable} of an operand. */
  public long writable(MemoryOperand m, int bytes) {
    return writable(m.segment().number(), offset(m), bytes);
  }
}
