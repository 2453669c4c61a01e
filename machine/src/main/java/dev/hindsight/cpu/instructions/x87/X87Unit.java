package dev.hindsight.cpu.instructions.x87;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.Vector;
import dev.hindsight.cpu.X87Registers;
import dev.hindsight.cpu.floating.Binary80;
import dev.hindsight.cpu.floating.ExtendedEnvironment;
import dev.hindsight.cpu.floating.FloatEnvironment;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Register;

/**
 * What all x87 instructions have in common: whether they may run, the register stack and its
 * faults, and how exceptions are recorded (SDM volume 1, sections 8.1, 8.5 and 8.7).
 *
 * <p>An instruction calls {@link #begin}; reads its memory operand; calls {@link #record}; computes
 * in the {@link ExtendedEnvironment}; and ends with {@link #commit}, which tells whether there is a
 * result to write.
 */
final class X87Unit {
  /** SF: the invalid operation is a stack fault. */
  static final int STACK_FAULT = 1 << 6;

  static final int C0 = 1 << 8;
  static final int C1 = 1 << 9;
  static final int C2 = 1 << 10;
  static final int C3 = 1 << 14;
  private static final int TOP = 7 << 11;

  private X87Unit() {}

  // ---- before and after

  /**
   * Checks that an x87 instruction may run: #NM, and pending exceptions.
   *
   * @return false if the instruction must return at once ({@link PendingError#passes})
   */
  static boolean begin(Vcpu cpu, Instruction in) {
    checkAvailable(cpu);
    return PendingError.passes(cpu, in);
  }

  /** #NM if CR0.EM or CR0.TS is set. */
  static void checkAvailable(Vcpu cpu) {
    if ((cpu.control().cr0() & (ControlRegisters.CR0_EM | ControlRegisters.CR0_TS)) != 0) {
      throw GuestFault.of(Vector.NM);
    }
  }

  /** Remembers the instruction and its memory operand for the exception handler. */
  static void record(Vcpu cpu, Instruction in) {
    long mask = cpu.is64Bit() ? -1 : cpu.cs().isBig() ? 0xFFFF_FFFFL : 0xFFFF;
    cpu.x87()
        .lastInstruction(
            (cpu.rip() - in.length()) & mask,
            cpu.cs().selector(),
            (in.row().opcode() & 7) << 8 | in.modrm());
    if (!in.operands().isEmpty() && in.operand(0) instanceof MemoryOperand m) {
      cpu.x87().lastData(cpu.segmented().offset(m), cpu.segment(m.segment().number()).selector());
    }
  }

  /** The environment, as the control word has it, without flags. */
  static ExtendedEnvironment environment(Vcpu cpu) {
    ExtendedEnvironment e = cpu.x87().environment();
    e.control(cpu.x87().control());
    return e;
  }

  /**
   * Records exceptions; C1 tells whether the result was rounded up.
   *
   * @return whether the result is to be written: no unmasked exception prevented it
   */
  static boolean commit(Vcpu cpu, ExtendedEnvironment e) {
    X87Registers x = cpu.x87();
    int flags = e.sseFlags();
    int c1 = e.roundedUp() && (flags & FloatEnvironment.PRECISION) != 0 ? C1 : 0;
    x.status(x.status() & ~C1 | flags | c1);
    PendingError.update(cpu);
    return !e.prevented();
  }

  /** Writes C3 to C0 as a whole. */
  static void conditions(Vcpu cpu, int codes) {
    X87Registers x = cpu.x87();
    x.status(x.status() & ~(C0 | C1 | C2 | C3) | codes);
  }

  /** Clears some of C3 to C0. */
  static void clearConditions(Vcpu cpu, int codes) {
    cpu.x87().status(cpu.x87().status() & ~codes);
  }

  // ---- the stack

  /** Number of an ST operand. */
  static int number(Instruction in, int n) {
    return ((Register) in.operand(n)).number();
  }

  private static int physical(X87Registers x, int i) {
    return (x.top() + i) & 7;
  }

  static int signExponent(Vcpu cpu, int i) {
    return cpu.x87().signExponent(physical(cpu.x87(), i));
  }

  static long significand(Vcpu cpu, int i) {
    return cpu.x87().significand(physical(cpu.x87(), i));
  }

  static boolean isEmpty(Vcpu cpu, int i) {
    return (cpu.x87().emptyMask() >>> physical(cpu.x87(), i) & 1) != 0;
  }

  /** Writes ST(i), which then is not empty. */
  static void set(Vcpu cpu, int i, int signExponent, long significand) {
    X87Registers x = cpu.x87();
    int n = physical(x, i);
    x.set(n, signExponent, significand);
    x.emptyMask(x.emptyMask() & ~(1 << n));
  }

  /** Writes the environment's result to ST(i). */
  static void set(Vcpu cpu, int i, ExtendedEnvironment e) {
    set(cpu, i, e.signExponent(), e.significand());
  }

  /** Writes the QNaN indefinite to ST(i). */
  static void setIndefinite(Vcpu cpu, int i) {
    set(cpu, i, Binary80.INDEFINITE_SIGN_EXPONENT, Binary80.INDEFINITE_SIGNIFICAND);
  }

  /** Marks ST(i) empty. */
  static void free(Vcpu cpu, int i) {
    X87Registers x = cpu.x87();
    x.emptyMask(x.emptyMask() | 1 << physical(x, i));
  }

  /** Adds to TOP. */
  static void rotate(Vcpu cpu, int delta) {
    X87Registers x = cpu.x87();
    x.status(x.status() & ~TOP | (x.top() + delta & 7) << 11);
  }

  static void pop(Vcpu cpu) {
    free(cpu, 0);
    rotate(cpu, 1);
  }

  /** Pushes the environment's result. */
  static void push(Vcpu cpu, ExtendedEnvironment e) {
    rotate(cpu, -1);
    set(cpu, 0, e);
  }

  /** Pushes the QNaN indefinite. */
  static void pushIndefinite(Vcpu cpu) {
    rotate(cpu, -1);
    setIndefinite(cpu, 0);
  }

  // ---- stack faults

  /**
   * Records that a register to be read is empty.
   *
   * @return whether the exception is masked, so that the indefinite must be written
   */
  static boolean underflow(Vcpu cpu) {
    return stackFault(cpu, 0);
  }

  /**
   * Records that the register to be pushed to is not empty.
   *
   * @return whether the exception is masked, so that the indefinite must be pushed
   */
  static boolean overflow(Vcpu cpu) {
    return stackFault(cpu, C1);
  }

  private static boolean stackFault(Vcpu cpu, int c1) {
    X87Registers x = cpu.x87();
    x.status(x.status() & ~C1 | FloatEnvironment.INVALID | STACK_FAULT | c1);
    PendingError.update(cpu);
    return (x.control() & FloatEnvironment.INVALID) != 0;
  }
}
