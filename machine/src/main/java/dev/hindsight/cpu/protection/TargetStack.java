package dev.hindsight.cpu.protection;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.LinearMemory;
import dev.hindsight.cpu.SegmentRegister;
import dev.hindsight.cpu.SegmentedMemory;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.Vector;

/**
 * A stack to which a transfer is about to push: the current one, or that of an inner privilege
 * level which is not in use yet. First {@link #reserve}, then {@link #probe}, then the pushes,
 * which cannot fault any more, then {@link #commit}.
 */
final class TargetStack {
  private final Vcpu cpu;
  private final SegmentRegister segment;
  private final int pointerBits;
  private final boolean inner;
  private final int errorCode;
  private long pointer;
  private int reservedSlots;
  private int slotBytes;

  private TargetStack(
      Vcpu cpu,
      SegmentRegister segment,
      long pointer,
      int pointerBits,
      boolean inner,
      int errorCode) {
    this.cpu = cpu;
    this.segment = segment;
    this.pointerBits = pointerBits;
    this.inner = inner;
    this.errorCode = errorCode;
    this.pointer = SegmentedMemory.wrap(pointer, pointerBits);
  }

  /**
   * The current stack, at the current privilege level.
   *
   * @param pointerBits size of the stack pointer: 16, 32 or 64
   * @param errorCode error code of #SS if there is no room
   */
  static TargetStack current(Vcpu cpu, int pointerBits, int errorCode) {
    long rsp = cpu.general().get64(GeneralRegisters.RSP);
    return new TargetStack(cpu, cpu.ss(), rsp, pointerBits, false, errorCode);
  }

  /**
   * Another stack at the current privilege level, as the interrupt stack table or the alignment of
   * RSP gives; 64 bits.
   */
  static TargetStack sameLevel64(Vcpu cpu, long pointer, int errorCode) {
    return new TargetStack(cpu, cpu.ss(), pointer, 64, false, errorCode);
  }

  /** A stack of an inner privilege level in IA-32e mode. */
  static TargetStack inner64(Vcpu cpu, long pointer, int errorCode) {
    return new TargetStack(cpu, cpu.ss(), pointer, 64, true, errorCode);
  }

  /** A stack of an inner privilege level in protected mode. */
  static TargetStack inner(Vcpu cpu, SegmentRegister segment, long pointer, int errorCode) {
    return new TargetStack(cpu, segment, pointer, segment.isBig() ? 32 : 16, true, errorCode);
  }

  /** #SS unless the segment has room for a number of pushes of one size. */
  void reserve(int slots, int bits) {
    reservedSlots = slots;
    slotBytes = bits / 8;
    if (pointerBits == 64) {
      long lowest = pointer - (long) slots * slotBytes;
      if (!LinearMemory.isCanonical(lowest) || !LinearMemory.isCanonical(pointer - 1)) {
        throw GuestFault.of(Vector.SS, errorCode);
      }
      return;
    }
    if (cpu.isProtected() && !segment.usable()) {
      throw GuestFault.of(Vector.SS, errorCode);
    }
    for (int i = 1; i <= slots; i++) {
      checkLimit(slot(i));
    }
  }

  private void checkLimit(long offset) {
    long last = offset + slotBytes - 1;
    boolean outside;
    if (segment.isExpandDown()) {
      outside = offset <= segment.limit() || last > (segment.isBig() ? 0xFFFF_FFFFL : 0xFFFFL);
    } else {
      outside = last > segment.limit() && segment.limit() != 0xFFFF_FFFFL;
    }
    if (outside) {
      throw GuestFault.of(Vector.SS, errorCode);
    }
  }

  /** Faults if paging does not let what was reserved be written. */
  void probe() {
    for (int i = 1; i <= reservedSlots; i++) {
      long linear = linear(slot(i));
      if (inner) {
        cpu.memory().probeSystemWrite(linear, slotBytes);
      } else {
        cpu.memory().probeWrite(linear, slotBytes);
      }
    }
  }

  /** Pushes a value of the reserved size. */
  void push(long value) {
    pointer = slot(1);
    long linear = linear(pointer);
    if (inner) {
      cpu.memory().writeSystem(linear, slotBytes, value);
    } else {
      cpu.memory().write(linear, slotBytes, value);
    }
  }

  /** Moves RSP, ESP or SP to where the pushes ended. */
  void commit() {
    cpu.general().set(GeneralRegisters.RSP, pointerBits, pointer);
  }

  private long slot(int n) {
    return SegmentedMemory.wrap(pointer - (long) n * slotBytes, pointerBits);
  }

  private long linear(long offset) {
    return pointerBits == 64 ? offset : segment.base() + offset & 0xFFFF_FFFFL;
  }
}
