package dev.hindsight.cpu.instructions.x87;

import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.floating.Binary80Conversions;
import dev.hindsight.cpu.floating.ExtendedEnvironment;
import dev.hindsight.cpu.floating.X87Constant;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;

/** FLD, FILD, FBLD and the constants: what pushes a number. */
final class Loads {
  private Loads() {}

  static void register(SemanticTable.Builder table) {
    table.add(Mnemonic.FLD, Loads::fld);
    table.add(Mnemonic.FILD, Loads::fild);
    table.add(Mnemonic.FBLD, Loads::fbld);
    constant(table, Mnemonic.FLD1, X87Constant.ONE);
    constant(table, Mnemonic.FLDZ, X87Constant.ZERO);
    constant(table, Mnemonic.FLDPI, X87Constant.PI);
    constant(table, Mnemonic.FLDL2T, X87Constant.LOG2_10);
    constant(table, Mnemonic.FLDL2E, X87Constant.LOG2_E);
    constant(table, Mnemonic.FLDLG2, X87Constant.LOG10_2);
    constant(table, Mnemonic.FLDLN2, X87Constant.LN_2);
  }

  private static void fld(Vcpu cpu, Instruction in) {
    if (!X87Unit.begin(cpu, in)) {
      return;
    }
    if (!(in.operand(0) instanceof MemoryOperand)) {
      fldRegister(cpu, in);
      return;
    }
    ExtendedEnvironment e = X87Unit.environment(cpu);
    if (in.bits(0) == 80) {
      MemoryNumbers.readExtended(cpu, in, e);
    } else {
      long bits = MemoryNumbers.read(cpu, in);
      if (in.bits(0) == 32) {
        Binary80Conversions.fromBinary32((int) bits, e);
      } else {
        Binary80Conversions.fromBinary64(bits, e);
      }
    }
    push(cpu, in, e);
  }

  private static void push(Vcpu cpu, Instruction in, ExtendedEnvironment e) {
    X87Unit.record(cpu, in);
    if (!X87Unit.isEmpty(cpu, 7)) {
      if (X87Unit.overflow(cpu)) {
        X87Unit.pushIndefinite(cpu);
      }
    } else if (X87Unit.commit(cpu, e)) {
      X87Unit.push(cpu, e);
    }
  }

  private static void fldRegister(Vcpu cpu, Instruction in) {
    int source = X87Unit.number(in, 0);
    ExtendedEnvironment e = X87Unit.environment(cpu);
    e.bits(X87Unit.signExponent(cpu, source), X87Unit.significand(cpu, source));
    if (X87Unit.isEmpty(cpu, source)) {
      X87Unit.record(cpu, in);
      if (X87Unit.underflow(cpu)) {
        X87Unit.pushIndefinite(cpu);
      }
      return;
    }
    push(cpu, in, e);
  }

  private static void fild(Vcpu cpu, Instruction in) {
    if (X87Unit.begin(cpu, in)) {
      ExtendedEnvironment e = X87Unit.environment(cpu);
      Binary80Conversions.fromInteger(MemoryNumbers.readInteger(cpu, in), e);
      push(cpu, in, e);
    }
  }

  private static void fbld(Vcpu cpu, Instruction in) {
    if (X87Unit.begin(cpu, in)) {
      ExtendedEnvironment e = X87Unit.environment(cpu);
      MemoryNumbers.readExtended(cpu, in, e);
      Binary80Conversions.fromDecimal(e.significand(), e.signExponent(), e);
      push(cpu, in, e);
    }
  }

  private static void constant(
      SemanticTable.Builder table, Mnemonic mnemonic, X87Constant constant) {
    table.add(
        mnemonic,
        (cpu, in) -> {
          if (X87Unit.begin(cpu, in)) {
            ExtendedEnvironment e = X87Unit.environment(cpu);
            constant.load(e);
            push(cpu, in, e);
          }
        });
  }
}
