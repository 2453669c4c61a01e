package dev.hindsight.cpu.instructions.x87;

import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.floating.ArcTangent;
import dev.hindsight.cpu.floating.Binary80;
import dev.hindsight.cpu.floating.Exponential;
import dev.hindsight.cpu.floating.ExtendedEnvironment;
import dev.hindsight.cpu.floating.Logarithm;
import dev.hindsight.cpu.floating.Trigonometry;
import dev.hindsight.cpu.floating.X87Constant;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;

/** Trigonometric, logarithmic and exponential instructions (SDM volume 1, 8.3.7 and 8.3.9). */
final class Transcendentals {
  /** A function of ST(0). */
  @FunctionalInterface
  private interface Function {
    void apply(int se, long s, ExtendedEnvironment e);
  }

  /** A function of ST(1) and ST(0). */
  @FunctionalInterface
  private interface Function2 {
    void apply(int ye, long ys, int xe, long xs, ExtendedEnvironment e);
  }

  private Transcendentals() {}

  static void register(SemanticTable.Builder table) {
    table.add(Mnemonic.F2XM1, (cpu, in) -> function(cpu, in, Exponential::power2Minus1, false));
    table.add(Mnemonic.FSIN, (cpu, in) -> function(cpu, in, Trigonometry::sin, true));
    table.add(Mnemonic.FCOS, (cpu, in) -> function(cpu, in, Trigonometry::cos, true));
    table.add(Mnemonic.FYL2X, (cpu, in) -> function2(cpu, in, Logarithm::yLog2));
    table.add(Mnemonic.FYL2XP1, (cpu, in) -> function2(cpu, in, Logarithm::yLog2Plus1));
    table.add(Mnemonic.FPATAN, (cpu, in) -> function2(cpu, in, ArcTangent::angle));
    table.add(Mnemonic.FPTAN, (cpu, in) -> pushing(cpu, in, Trigonometry::tan, false));
    table.add(Mnemonic.FSINCOS, (cpu, in) -> pushing(cpu, in, Trigonometry::sin, true));
  }

  private static void function(Vcpu cpu, Instruction in, Function function, boolean angle) {
    if (!X87Unit.begin(cpu, in)) {
      return;
    }
    X87Unit.record(cpu, in);
    if (angle) {
      X87Unit.clearConditions(cpu, X87Unit.C2);
    }
    if (X87Unit.isEmpty(cpu, 0)) {
      if (X87Unit.underflow(cpu)) {
        X87Unit.setIndefinite(cpu, 0);
      }
      return;
    }
    int se = X87Unit.signExponent(cpu, 0);
    long s = X87Unit.significand(cpu, 0);
    if (angle && outOfRange(cpu, se, s)) {
      return;
    }
    ExtendedEnvironment e = X87Unit.environment(cpu);
    function.apply(se, s, e);
    if (X87Unit.commit(cpu, e)) {
      X87Unit.set(cpu, 0, e);
    }
  }

  /** Sets C2 if the argument is out of range. */
  private static boolean outOfRange(Vcpu cpu, int se, long s) {
    boolean out = Trigonometry.isOutOfRange(se, s);
    if (out) {
      X87Unit.clearConditions(cpu, X87Unit.C1);
      cpu.x87().status(cpu.x87().status() | X87Unit.C2);
    }
    return out;
  }

  private static void function2(Vcpu cpu, Instruction in, Function2 function) {
    if (!X87Unit.begin(cpu, in)) {
      return;
    }
    X87Unit.record(cpu, in);
    if (X87Unit.isEmpty(cpu, 0) || X87Unit.isEmpty(cpu, 1)) {
      if (X87Unit.underflow(cpu)) {
        X87Unit.setIndefinite(cpu, 1);
        X87Unit.pop(cpu);
      }
      return;
    }
    ExtendedEnvironment e = X87Unit.environment(cpu);
    function.apply(
        X87Unit.signExponent(cpu, 1),
        X87Unit.significand(cpu, 1),
        X87Unit.signExponent(cpu, 0),
        X87Unit.significand(cpu, 0),
        e);
    if (X87Unit.commit(cpu, e)) {
      X87Unit.set(cpu, 1, e);
      X87Unit.pop(cpu);
    }
  }

  /** FPTAN, which pushes 1 after its result, and FSINCOS, which pushes the cosine. */
  private static void pushing(Vcpu cpu, Instruction in, Function function, boolean cosine) {
    if (!X87Unit.begin(cpu, in)) {
      return;
    }
    X87Unit.record(cpu, in);
    X87Unit.clearConditions(cpu, X87Unit.C2);
    boolean empty = X87Unit.isEmpty(cpu, 0);
    if (empty || !X87Unit.isEmpty(cpu, 7)) {
      if (empty ? X87Unit.underflow(cpu) : X87Unit.overflow(cpu)) {
        X87Unit.setIndefinite(cpu, 0);
        X87Unit.pushIndefinite(cpu);
      }
      return;
    }
    int se = X87Unit.signExponent(cpu, 0);
    long s = X87Unit.significand(cpu, 0);
    if (outOfRange(cpu, se, s)) {
      return;
    }
    ExtendedEnvironment e = X87Unit.environment(cpu);
    function.apply(se, s, e);
    int firstSign = e.signExponent();
    long first = e.significand();
    if (cosine) {
      Trigonometry.cos(se, s, e);
    } else if (Binary80.isFinite(se, s)) {
      X87Constant.ONE.load(e);
    }
    int secondSign = e.signExponent();
    long second = e.significand();
    if (X87Unit.commit(cpu, e)) {
      X87Unit.set(cpu, 0, firstSign, first);
      e.bits(secondSign, second);
      X87Unit.push(cpu, e);
    }
  }
}
