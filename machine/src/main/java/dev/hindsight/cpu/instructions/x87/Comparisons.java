package dev.hindsight.cpu.instructions.x87;

import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.floating.Binary80;
import dev.hindsight.cpu.floating.Binary80Conversions;
import dev.hindsight.cpu.floating.ExtendedEnvironment;
import dev.hindsight.cpu.floating.FloatEnvironment;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;

/** Comparison and classification (SDM volume 1, section 8.3.6). */
final class Comparisons {
  private static final int UNORDERED = 2;

  private Comparisons() {}

  static void register(SemanticTable.Builder table) {
    table.add(Mnemonic.FCOM, (cpu, in) -> fcom(cpu, in, 0));
    table.add(Mnemonic.FCOMP, (cpu, in) -> fcom(cpu, in, 1));
    table.add(Mnemonic.FCOMPP, (cpu, in) -> registers(cpu, in, 1, true, 2));
    table.add(Mnemonic.FUCOM, (cpu, in) -> registers(cpu, in, X87Unit.number(in, 0), false, 0));
    table.add(Mnemonic.FUCOMP, (cpu, in) -> registers(cpu, in, X87Unit.number(in, 0), false, 1));
    table.add(Mnemonic.FUCOMPP, (cpu, in) -> registers(cpu, in, 1, false, 2));
    table.add(Mnemonic.FICOM, (cpu, in) -> integer(cpu, in, 0));
    table.add(Mnemonic.FICOMP, (cpu, in) -> integer(cpu, in, 1));
    table.add(Mnemonic.FCOMI, (cpu, in) -> fcomi(cpu, in, true, 0));
    table.add(Mnemonic.FCOMIP, (cpu, in) -> fcomi(cpu, in, true, 1));
    table.add(Mnemonic.FUCOMI, (cpu, in) -> fcomi(cpu, in, false, 0));
    table.add(Mnemonic.FUCOMIP, (cpu, in) -> fcomi(cpu, in, false, 1));
    table.add(Mnemonic.FTST, Comparisons::ftst);
    table.add(Mnemonic.FXAM, Comparisons::fxam);
  }

  private static void fcom(Vcpu cpu, Instruction in, int pops) {
    if (!(in.operand(0) instanceof MemoryOperand)) {
      registers(cpu, in, X87Unit.number(in, 0), true, pops);
      return;
    }
    if (!X87Unit.begin(cpu, in)) {
      return;
    }
    long bits = MemoryNumbers.read(cpu, in);
    ExtendedEnvironment e = X87Unit.environment(cpu);
    MemoryNumbers.widen(bits, in, e);
    withSecond(cpu, in, MemoryNumbers.isDenormal(bits, in), true, pops, e);
  }

  private static void integer(Vcpu cpu, Instruction in, int pops) {
    if (!X87Unit.begin(cpu, in)) {
      return;
    }
    ExtendedEnvironment e = X87Unit.environment(cpu);
    Binary80Conversions.fromInteger(MemoryNumbers.readInteger(cpu, in), e);
    withSecond(cpu, in, false, true, pops, e);
  }

  private static void registers(Vcpu cpu, Instruction in, int other, boolean signaling, int pops) {
    if (!X87Unit.begin(cpu, in)) {
      return;
    }
    if (X87Unit.isEmpty(cpu, other)) {
      X87Unit.record(cpu, in);
      underflow(cpu, pops);
      return;
    }
    ExtendedEnvironment e = X87Unit.environment(cpu);
    e.bits(X87Unit.signExponent(cpu, other), X87Unit.significand(cpu, other));
    withSecond(cpu, in, false, signaling, pops, e);
  }

  private static void ftst(Vcpu cpu, Instruction in) {
    if (X87Unit.begin(cpu, in)) {
      ExtendedEnvironment e = X87Unit.environment(cpu);
      e.bits(0, 0);
      withSecond(cpu, in, false, true, 0, e);
    }
  }

  private static void underflow(Vcpu cpu, int pops) {
    X87Unit.conditions(cpu, codes(UNORDERED));
    if (X87Unit.underflow(cpu)) {
      pop(cpu, pops);
    }
  }

  private static void pop(Vcpu cpu, int pops) {
    for (int i = 0; i < pops; i++) {
      X87Unit.pop(cpu);
    }
  }

  /** Compares ST(0) with the number that the environment holds. */
  private static void withSecond(
      Vcpu cpu,
      Instruction in,
      boolean denormal,
      boolean signaling,
      int pops,
      ExtendedEnvironment e) {
    X87Unit.record(cpu, in);
    if (X87Unit.isEmpty(cpu, 0)) {
      underflow(cpu, pops);
      return;
    }
    int order =
        Binary80.compare(
            X87Unit.signExponent(cpu, 0),
            X87Unit.significand(cpu, 0),
            e.signExponent(),
            e.significand(),
            signaling,
            e);
    if (denormal && order != UNORDERED) {
      e.raise(FloatEnvironment.DENORMAL);
    }
    boolean done = X87Unit.commit(cpu, e);
    X87Unit.conditions(cpu, codes(order));
    if (done) {
      pop(cpu, pops);
    }
  }

  private static int codes(int order) {
    return switch (order) {
      case -1 -> X87Unit.C0;
      case 0 -> X87Unit.C3;
      case 1 -> 0;
      default -> X87Unit.C3 | X87Unit.C2 | X87Unit.C0;
    };
  }

  private static void fcomi(Vcpu cpu, Instruction in, boolean signaling, int pops) {
    if (!X87Unit.begin(cpu, in)) {
      return;
    }
    X87Unit.record(cpu, in);
    int other = X87Unit.number(in, 1);
    if (X87Unit.isEmpty(cpu, 0) || X87Unit.isEmpty(cpu, other)) {
      flags(cpu, UNORDERED);
      if (X87Unit.underflow(cpu)) {
        pop(cpu, pops);
      }
      return;
    }
    ExtendedEnvironment e = X87Unit.environment(cpu);
    int order =
        Binary80.compare(
            X87Unit.signExponent(cpu, 0),
            X87Unit.significand(cpu, 0),
            X87Unit.signExponent(cpu, other),
            X87Unit.significand(cpu, other),
            signaling,
            e);
    int c1 = cpu.x87().status() & X87Unit.C1;
    boolean done = X87Unit.commit(cpu, e);
    cpu.x87().status(cpu.x87().status() | c1);
    flags(cpu, order);
    if (done) {
      pop(cpu, pops);
    }
  }

  private static void flags(Vcpu cpu, int order) {
    cpu.flags()
        .arithmetic(
            switch (order) {
              case -1 -> Flags.CF;
              case 0 -> Flags.ZF;
              case 1 -> 0;
              default -> Flags.ZF | Flags.PF | Flags.CF;
            });
  }

  private static void fxam(Vcpu cpu, Instruction in) {
    if (!X87Unit.begin(cpu, in)) {
      return;
    }
    X87Unit.record(cpu, in);
    int se = X87Unit.signExponent(cpu, 0);
    long s = X87Unit.significand(cpu, 0);
    int sign = (se & Binary80.SIGN) != 0 ? X87Unit.C1 : 0;
    X87Unit.conditions(cpu, sign | kind(X87Unit.isEmpty(cpu, 0), se, s));
  }

  /** C3, C2 and C0 of FXAM. */
  private static int kind(boolean empty, int se, long s) {
    if (empty) {
      return X87Unit.C3 | X87Unit.C0;
    }
    if (Binary80.isUnsupported(se, s)) {
      return 0;
    }
    if (Binary80.isNaN(se, s)) {
      return X87Unit.C0;
    }
    if (Binary80.isInfinite(se, s)) {
      return X87Unit.C2 | X87Unit.C0;
    }
    if (s == 0) {
      return X87Unit.C3;
    }
    return Binary80.isDenormal(se, s) ? X87Unit.C3 | X87Unit.C2 : X87Unit.C2;
  }
}
