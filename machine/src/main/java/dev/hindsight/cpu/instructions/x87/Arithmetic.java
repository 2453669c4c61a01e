package dev.hindsight.cpu.instructions.x87;

import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.floating.Binary80;
import dev.hindsight.cpu.floating.Binary80Conversions;
import dev.hindsight.cpu.floating.Binary80Scaling;
import dev.hindsight.cpu.floating.ExtendedEnvironment;
import dev.hindsight.cpu.floating.FloatEnvironment;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;

/** The basic arithmetic, and what works on ST(0) and ST(1) (SDM volume 1, section 8.3.5). */
final class Arithmetic {
  /** An operation on two numbers. */
  @FunctionalInterface
  private interface Binary {
    void apply(int ae, long as, int be, long bs, ExtendedEnvironment e);
  }

  /** An operation on one number. */
  @FunctionalInterface
  private interface Unary {
    void apply(int se, long s, ExtendedEnvironment e);
  }

  private static final Binary SUBTRACT_REVERSED =
      (ae, as, be, bs, e) -> Binary80.sub(be, bs, ae, as, e);
  private static final Binary DIVIDE_REVERSED =
      (ae, as, be, bs, e) -> Binary80.div(be, bs, ae, as, e);

  private Arithmetic() {}

  static void register(SemanticTable.Builder table) {
    basic(table, Mnemonic.FADD, Mnemonic.FADDP, Mnemonic.FIADD, Binary80::add);
    basic(table, Mnemonic.FMUL, Mnemonic.FMULP, Mnemonic.FIMUL, Binary80::mul);
    basic(table, Mnemonic.FSUB, Mnemonic.FSUBP, Mnemonic.FISUB, Binary80::sub);
    basic(table, Mnemonic.FSUBR, Mnemonic.FSUBRP, Mnemonic.FISUBR, SUBTRACT_REVERSED);
    basic(table, Mnemonic.FDIV, Mnemonic.FDIVP, Mnemonic.FIDIV, Binary80::div);
    basic(table, Mnemonic.FDIVR, Mnemonic.FDIVRP, Mnemonic.FIDIVR, DIVIDE_REVERSED);
    table.add(Mnemonic.FSQRT, (cpu, in) -> unary(cpu, in, Binary80::sqrt));
    table.add(Mnemonic.FRNDINT, (cpu, in) -> unary(cpu, in, Binary80Conversions::roundToIntegral));
    table.add(Mnemonic.FSCALE, Arithmetic::fscale);
    table.add(Mnemonic.FPREM, (cpu, in) -> remainder(cpu, in, false));
    table.add(Mnemonic.FPREM1, (cpu, in) -> remainder(cpu, in, true));
    table.add(Mnemonic.FXTRACT, Arithmetic::fxtract);
    table.add(Mnemonic.FCHS, (cpu, in) -> sign(cpu, in, true));
    table.add(Mnemonic.FABS, (cpu, in) -> sign(cpu, in, false));
  }

  private static void basic(
      SemanticTable.Builder table,
      Mnemonic real,
      Mnemonic popping,
      Mnemonic integer,
      Binary operation) {
    table.add(
        real,
        (cpu, in) -> {
          if (in.operand(0) instanceof MemoryOperand) {
            memory(cpu, in, operation);
          } else {
            registers(cpu, in, operation, false);
          }
        });
    table.add(popping, (cpu, in) -> registers(cpu, in, operation, true));
    table.add(integer, (cpu, in) -> integer(cpu, in, operation));
  }

  private static void registers(Vcpu cpu, Instruction in, Binary operation, boolean pop) {
    if (!X87Unit.begin(cpu, in)) {
      return;
    }
    X87Unit.record(cpu, in);
    int destination = X87Unit.number(in, 0);
    int source = X87Unit.number(in, 1);
    if (X87Unit.isEmpty(cpu, destination) || X87Unit.isEmpty(cpu, source)) {
      if (!X87Unit.underflow(cpu)) {
        return;
      }
      X87Unit.setIndefinite(cpu, destination);
    } else {
      ExtendedEnvironment e = X87Unit.environment(cpu);
      operation.apply(
          X87Unit.signExponent(cpu, destination),
          X87Unit.significand(cpu, destination),
          X87Unit.signExponent(cpu, source),
          X87Unit.significand(cpu, source),
          e);
      if (!X87Unit.commit(cpu, e)) {
        return;
      }
      X87Unit.set(cpu, destination, e);
    }
    if (pop) {
      X87Unit.pop(cpu);
    }
  }

  private static void memory(Vcpu cpu, Instruction in, Binary operation) {
    if (!X87Unit.begin(cpu, in)) {
      return;
    }
    long bits = MemoryNumbers.read(cpu, in);
    ExtendedEnvironment e = X87Unit.environment(cpu);
    MemoryNumbers.widen(bits, in, e);
    withSecond(cpu, in, operation, MemoryNumbers.isDenormal(bits, in), e);
  }

  private static void integer(Vcpu cpu, Instruction in, Binary operation) {
    if (!X87Unit.begin(cpu, in)) {
      return;
    }
    ExtendedEnvironment e = X87Unit.environment(cpu);
    Binary80Conversions.fromInteger(MemoryNumbers.readInteger(cpu, in), e);
    withSecond(cpu, in, operation, false, e);
  }

  /** Applies an operation to ST(0) and the number that the environment holds. */
  private static void withSecond(
      Vcpu cpu, Instruction in, Binary operation, boolean denormal, ExtendedEnvironment e) {
    X87Unit.record(cpu, in);
    if (X87Unit.isEmpty(cpu, 0)) {
      if (X87Unit.underflow(cpu)) {
        X87Unit.setIndefinite(cpu, 0);
      }
      return;
    }
    int se = X87Unit.signExponent(cpu, 0);
    long s = X87Unit.significand(cpu, 0);
    operation.apply(se, s, e.signExponent(), e.significand(), e);
    if (denormal
        && !Binary80.isNaN(se, s)
        && (e.flags() & (FloatEnvironment.INVALID | FloatEnvironment.ZERO_DIVIDE)) == 0) {
      // it is normal in 80 bits, so that the operation did not see it
      e.raise(FloatEnvironment.DENORMAL);
    }
    if (X87Unit.commit(cpu, e)) {
      X87Unit.set(cpu, 0, e);
    }
  }

  private static void unary(Vcpu cpu, Instruction in, Unary operation) {
    if (!X87Unit.begin(cpu, in)) {
      return;
    }
    X87Unit.record(cpu, in);
    if (X87Unit.isEmpty(cpu, 0)) {
      if (X87Unit.underflow(cpu)) {
        X87Unit.setIndefinite(cpu, 0);
      }
      return;
    }
    ExtendedEnvironment e = X87Unit.environment(cpu);
    operation.apply(X87Unit.signExponent(cpu, 0), X87Unit.significand(cpu, 0), e);
    if (X87Unit.commit(cpu, e)) {
      X87Unit.set(cpu, 0, e);
    }
  }

  private static void fscale(Vcpu cpu, Instruction in) {
    if (!X87Unit.begin(cpu, in)) {
      return;
    }
    X87Unit.record(cpu, in);
    if (X87Unit.isEmpty(cpu, 0) || X87Unit.isEmpty(cpu, 1)) {
      if (X87Unit.underflow(cpu)) {
        X87Unit.setIndefinite(cpu, 0);
      }
      return;
    }
    ExtendedEnvironment e = X87Unit.environment(cpu);
    Binary80Scaling.scale(
        X87Unit.signExponent(cpu, 0),
        X87Unit.significand(cpu, 0),
        X87Unit.signExponent(cpu, 1),
        X87Unit.significand(cpu, 1),
        e);
    if (X87Unit.commit(cpu, e)) {
      X87Unit.set(cpu, 0, e);
    }
  }

  private static void remainder(Vcpu cpu, Instruction in, boolean nearest) {
    if (!X87Unit.begin(cpu, in)) {
      return;
    }
    X87Unit.record(cpu, in);
    if (X87Unit.isEmpty(cpu, 0) || X87Unit.isEmpty(cpu, 1)) {
      X87Unit.clearConditions(cpu, X87Unit.C1 | X87Unit.C2);
      if (X87Unit.underflow(cpu)) {
        X87Unit.setIndefinite(cpu, 0);
      }
      return;
    }
    ExtendedEnvironment e = X87Unit.environment(cpu);
    int quotient =
        Binary80Scaling.remainder(
            X87Unit.signExponent(cpu, 0),
            X87Unit.significand(cpu, 0),
            X87Unit.signExponent(cpu, 1),
            X87Unit.significand(cpu, 1),
            nearest,
            e);
    boolean done = X87Unit.commit(cpu, e);
    if (!done || quotient == Binary80Scaling.NONE) {
      X87Unit.clearConditions(cpu, X87Unit.C1 | X87Unit.C2);
    } else {
      X87Unit.conditions(cpu, quotientCodes(quotient));
    }
    if (done) {
      X87Unit.set(cpu, 0, e);
    }
  }

  private static int quotientCodes(int quotient) {
    return ((quotient & 4) != 0 ? X87Unit.C0 : 0)
        | ((quotient & 2) != 0 ? X87Unit.C3 : 0)
        | ((quotient & 1) != 0 ? X87Unit.C1 : 0)
        | (quotient == Binary80Scaling.INCOMPLETE ? X87Unit.C2 : 0);
  }

  private static void fxtract(Vcpu cpu, Instruction in) {
    if (!X87Unit.begin(cpu, in)) {
      return;
    }
    X87Unit.record(cpu, in);
    if (X87Unit.isEmpty(cpu, 0)) {
      if (X87Unit.underflow(cpu)) {
        X87Unit.setIndefinite(cpu, 0);
        X87Unit.pushIndefinite(cpu);
      }
      return;
    }
    if (!X87Unit.isEmpty(cpu, 7)) {
      if (X87Unit.overflow(cpu)) {
        X87Unit.setIndefinite(cpu, 0);
        X87Unit.pushIndefinite(cpu);
      }
      return;
    }
    int se = X87Unit.signExponent(cpu, 0);
    long s = X87Unit.significand(cpu, 0);
    ExtendedEnvironment e = X87Unit.environment(cpu);
    Binary80Scaling.extractExponent(se, s, e);
    if (!X87Unit.commit(cpu, e)) {
      return;
    }
    X87Unit.set(cpu, 0, e);
    Binary80Scaling.extractSignificand(se, s, e);
    X87Unit.push(cpu, e);
  }

  /** Inverts the sign, or clears it. */
  private static void sign(Vcpu cpu, Instruction in, boolean invert) {
    if (!X87Unit.begin(cpu, in)) {
      return;
    }
    X87Unit.record(cpu, in);
    if (X87Unit.isEmpty(cpu, 0)) {
      if (X87Unit.underflow(cpu)) {
        X87Unit.setIndefinite(cpu, 0);
      }
      return;
    }
    X87Unit.commit(cpu, X87Unit.environment(cpu));
    int se = X87Unit.signExponent(cpu, 0);
    X87Unit.set(
        cpu, 0, invert ? se ^ Binary80.SIGN : se & ~Binary80.SIGN, X87Unit.significand(cpu, 0));
  }
}
