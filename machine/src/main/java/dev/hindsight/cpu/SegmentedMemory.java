package dev.hindsight.cpu;

import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Register;

/**
 * Memory by segment register and offset: limit, type and canonical checks (SDM volume 3, sections
 * 5.3 to 5.5), which give the linear address that {@link LinearMemory} takes.
 */
public final class SegmentedMemory {
  private static final int SS = 2;
  private static final int FS = 4;

  private final Vcpu cpu;

  SegmentedMemory(Vcpu cpu) {
    this.cpu = cpu;
  }

  /** The effective address (offset in its segment) of an operand, wrapped at its address size. */
  public long offset(MemoryOperand m) {
    GeneralRegisters r = cpu.general();
    long at = m.displacement();
    Register base = m.base();
    if (base != null) {
      at += r.get64(base.number());
    } else if (m.ripRelative()) {
      at += cpu.rip();
    }
    Register index = m.index();
    if (index != null) {
      at += r.get64(index.number()) * m.scale();
    }
    return wrap(at, m.addressBits());
  }

  /** An offset truncated to an address size of 16, 32 or 64 bits. */
  public static long wrap(long offset, int addressBits) {
    return switch (addressBits) {
      case 16 -> offset & 0xFFFF;
      case 32 -> offset & 0xFFFF_FFFFL;
      default -> offset;
    };
  }

  /** Linear address of {@code bytes} bytes to be read; #GP or #SS if the segment forbids it. */
  public long readable(int segment, long offset, int bytes) {
    if (cpu.is64Bit()) {
      return linear64(segment, offset, bytes);
    }
    SegmentRegister s = cpu.segment(segment);
    if (cpu.isProtected() && !cpu.isVirtual8086()) {
      int type = s.access() & (SegmentRegister.PRESENT | 0xA);
      // unusable, or code that is only executable
      if (type < SegmentRegister.PRESENT
          || type == (SegmentRegister.PRESENT | SegmentRegister.CODE)) {
        throw violation(segment);
      }
    }
    return linear32(segment, s, offset, bytes);
  }

  /** Linear address of {@code bytes} bytes to be written; #GP or #SS if the segment forbids it. */
  public long writable(int segment, long offset, int bytes) {
    if (cpu.is64Bit()) {
      return linear64(segment, offset, bytes);
    }
    SegmentRegister s = cpu.segment(segment);
    if (cpu.isProtected() && !cpu.isVirtual8086()) {
      if ((s.access() & (SegmentRegister.PRESENT | 0xA))
          != (SegmentRegister.PRESENT | SegmentRegister.WRITABLE_OR_READABLE)) {
        throw violation(segment);
      }
    }
    return linear32(segment, s, offset, bytes);
  }

  private long linear64(int segment, long offset, int bytes) {
    long linear = segment >= FS ? cpu.segment(segment).base() + offset : offset;
    if (!LinearMemory.isCanonical(linear)
        || (bytes > 1 && !LinearMemory.isCanonical(linear + bytes - 1))) {
      throw violation(segment);
    }
    return linear;
  }

  private long linear32(int segment, SegmentRegister s, long offset, int bytes) {
    long last = offset + Math.max(bytes, 1) - 1;
    if (s.isExpandDown()) {
      long top = s.isBig() ? 0xFFFF_FFFFL : 0xFFFFL;
      if (offset <= s.limit() || last > top) {
        throw violation(segment);
      }
    } else if (last > s.limit()) {
      // an access that wraps in a 4 GiB segment is one of a flat address space
      if (s.limit() != 0xFFFF_FFFFL) {
        throw violation(segment);
      }
    }
    return (s.base() + offset) & 0xFFFF_FFFFL;
  }

  private static GuestFault violation(int segment) {
    return GuestFault.of(segment == SS ? Vector.SS : Vector.GP, 0);
  }

  /** {@link #readable(int, long, int)} of an operand. */
  public long readable(MemoryOperand m, int bytes) {
    return readable(m.segment().number(), offset(m), bytes);
  }

  /** {@link #writable(int, long, int)} of an operand. */
  public long writable(MemoryOperand m, int bytes) {
    return writable(m.segment().number(), offset(m), bytes);
  }
}
