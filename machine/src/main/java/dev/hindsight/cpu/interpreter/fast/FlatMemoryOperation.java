package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.interpreter.Operation;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Register;
import org.jspecify.annotations.Nullable;

/** An operation with a memory operand whose segment has no limit that could be hit. */
abstract class FlatMemoryOperation extends Operation {
  private static final int SS = 2;
  private static final int FS = 4;
  private static final int NO_SEGMENT = -1;

  private final int base;
  private final int index;
  private final int shift;
  private final long displacement;
  private final long mask;
  private final int segment;
  private final boolean stack;

  /** Bytes of the datum. */
  protected final int bytes;

  FlatMemoryOperation(MemoryOperand m, int end) {
    this(m, end, false);
  }

  FlatMemoryOperation(MemoryOperand m, int end, boolean setsRip) {
    super(end, setsRip);
    this.base = m.ripRelative() ? GeneralRegisters.BLOCK_RIP : number(m.base());
    this.index = number(m.index());
    this.shift = Integer.numberOfTrailingZeros(m.scale());
    this.displacement = m.ripRelative() ? m.displacement() + end : m.displacement();
    this.mask = m.addressBits() == 64 ? -1L : 0xFFFF_FFFFL;
    this.segment = m.segment().number() >= FS ? m.segment().number() : NO_SEGMENT;
    this.stack = m.segment().number() == SS;
    this.bytes = m.bits() >>> 3;
  }

  private static int number(@Nullable Register r) {
    return r == null ? GeneralRegisters.ZERO : r.number();
  }

  /** The effective address. */
  protected final long offset(Vcpu cpu) {
    GeneralRegisters r = cpu.general();
    return (r.get64(base) + (r.get64(index) << shift) + displacement) & mask;
  }

  /** The linear address. */
  protected final long linear(Vcpu cpu) {
    long offset = offset(cpu);
    return segment == NO_SEGMENT ? offset : cpu.segment(segment).base() + offset;
  }

  @Override
  public final boolean usesStackSegment() {
    return stack;
  }
}
