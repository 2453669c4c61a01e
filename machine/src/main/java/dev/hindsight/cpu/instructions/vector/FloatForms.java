package dev.hindsight.cpu.instructions.vector;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.Vector;
import dev.hindsight.cpu.floating.FloatEnvironment;

/**
 * Forms of floating-point instructions on packed and scalar operands. All elements are computed,
 * then their exceptions go to MXCSR; if one is not masked the instruction faults there and its
 * destination stays.
 */
public final class FloatForms {
  private FloatForms() {}

  /** An operation on two numbers of 32 bits; one that has one operand ignores {@code a}. */
  @FunctionalInterface
  public interface Operator32 {
    /** The result; exceptions go to the environment. */
    int apply(int a, int b, FloatEnvironment e);
  }

  /** An operation on two numbers of 64 bits; one that has one operand ignores {@code a}. */
  @FunctionalInterface
  public interface Operator64 {
    /** The result; exceptions go to the environment. */
    long apply(long a, long b, FloatEnvironment e);
  }

  /**
   * Moves the exceptions of an instruction to MXCSR and faults if one is not masked: #XM, or #UD
   * while the operating system has not declared that it handles #XM.
   */
  public static void report(Vcpu cpu, FloatEnvironment e) {
    int flags = e.sseFlags();
    if (flags != 0) {
      cpu.vectors().mxcsr(cpu.vectors().mxcsr() | flags);
      if (e.unmasked() != 0) {
        throw GuestFault.of(
            cpu.control().cr4Has(ControlRegisters.CR4_OSXMMEXCPT) ? Vector.XM : Vector.UD);
      }
    }
  }

  /** Two numbers of 32 bits in a quadword each. */
  public static long pair(Operator32 f, long a, long b, FloatEnvironment e) {
    int low = f.apply((int) a, (int) b, e);
    int high = f.apply((int) (a >>> 32), (int) (b >>> 32), e);
    return PackedForms.join(low, high);
  }

  /** {@code dst = f(src1, src2)} on each 32 bits. */
  public static Semantic packed32(Operator32 f) {
    return packed64((a, b, e) -> pair(f, a, b, e));
  }

  /** {@code dst = f(src1, src2)} on each 64 bits. */
  public static Semantic packed64(Operator64 f) {
    long[] a = new long[4];
    long[] b = new long[4];
    FloatEnvironment e = new FloatEnvironment();
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      int first = VectorOperands.firstSource(in);
      VectorOperands.read(cpu, in, first, a);
      VectorOperands.read(cpu, in, first + 1, b);
      e.mxcsr(cpu.vectors().mxcsr());
      int n = VectorOperands.quadwords(in);
      for (int i = 0; i < n; i++) {
        a[i] = f.apply(a[i], b[i], e);
      }
      report(cpu, e);
      VectorOperands.write(cpu, in, 0, a);
    };
  }

  /** {@code dst = f(src)} on each 32 bits. */
  public static Semantic unary32(Operator32 f) {
    return unary64((a, b, e) -> pair(f, a, b, e));
  }

  /** {@code dst = f(src)} on each 64 bits. */
  public static Semantic unary64(Operator64 f) {
    long[] a = new long[4];
    FloatEnvironment e = new FloatEnvironment();
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      VectorOperands.read(cpu, in, 1, a);
      e.mxcsr(cpu.vectors().mxcsr());
      int n = VectorOperands.quadwords(in);
      for (int i = 0; i < n; i++) {
        a[i] = f.apply(a[i], a[i], e);
      }
      report(cpu, e);
      VectorOperands.write(cpu, in, 0, a);
    };
  }

  /** {@code dst = f(src1, src2)} on the low 32 bits; those above come from the first source. */
  public static Semantic scalar32(Operator32 f) {
    return scalar64(
        (a, b, e) -> a & 0xFFFF_FFFF_0000_0000L | PackedForms.low(f.apply((int) a, (int) b, e)));
  }

  /** {@code dst = f(src1, src2)} on the low 64 bits; those above come from the first source. */
  public static Semantic scalar64(Operator64 f) {
    FloatEnvironment e = new FloatEnvironment();
    return (cpu, in) -> {
      if (!VectorState.check(cpu, in)) {
        return;
      }
      int first = VectorOperands.firstSource(in);
      int source = VectorOperands.registerNumber(in, first);
      long b = VectorOperands.readLow(cpu, in, first + 1);
      e.mxcsr(cpu.vectors().mxcsr());
      long low = f.apply(cpu.vectors().get(source, 0), b, e);
      report(cpu, e);
      int destination = VectorOperands.registerNumber(in, 0);
      VectorOperands.setXmm(cpu, in, destination, low, cpu.vectors().get(source, 1));
    };
  }
}
