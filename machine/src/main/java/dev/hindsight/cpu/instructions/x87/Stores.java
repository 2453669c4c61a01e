package dev.hindsight.cpu.instructions.x87;

import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.floating.Binary80;
import dev.hindsight.cpu.floating.Binary80Conversions;
import dev.hindsight.cpu.floating.ExtendedEnvironment;
import dev.hindsight.cpu.floating.FloatEnvironment;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;

/** FST, FIST, FISTTP and FBSTP: what stores ST(0). */
final class Stores {
  private static final int INDEFINITE_32 = 0xFFC0_0000;
  private static final long INDEFINITE_64 = 0xFFF8_0000_0000_0000L;
  private static final int PREVENTS_STORE = FloatEnvironment.ALL & ~FloatEnvironment.PRECISION;

  /** The opcode whose FSTP does not check for an empty register. */
  private static final int FSTPNCE = 0xD9;

  private Stores() {}

  static void register(SemanticTable.Builder table) {
    table.add(Mnemonic.FST, (cpu, in) -> fst(cpu, in, false));
    table.add(Mnemonic.FSTP, (cpu, in) -> fst(cpu, in, true));
    table.add(Mnemonic.FIST, (cpu, in) -> fist(cpu, in, false, false));
    table.add(Mnemonic.FISTP, (cpu, in) -> fist(cpu, in, true, false));
    table.add(Mnemonic.FISTTP, (cpu, in) -> fist(cpu, in, true, true));
    table.add(Mnemonic.FBSTP, Stores::fbstp);
  }

  private static void fst(Vcpu cpu, Instruction in, boolean pop) {
    if (!X87Unit.begin(cpu, in)) {
      return;
    }
    if (!(in.operand(0) instanceof MemoryOperand)) {
      fstRegister(cpu, in, pop);
    } else if (in.bits(0) == 80) {
      fstExtended(cpu, in);
    } else {
      fstNarrow(cpu, in, pop);
    }
  }

  private static void fstRegister(Vcpu cpu, Instruction in, boolean pop) {
    X87Unit.record(cpu, in);
    int destination = X87Unit.number(in, 0);
    if (X87Unit.isEmpty(cpu, 0) && in.row().opcode() == FSTPNCE) {
      X87Unit.clearConditions(cpu, X87Unit.C1);
      X87Unit.pop(cpu);
      return;
    }
    if (X87Unit.isEmpty(cpu, 0)) {
      if (!X87Unit.underflow(cpu)) {
        return;
      }
      X87Unit.setIndefinite(cpu, destination);
    } else {
      X87Unit.commit(cpu, X87Unit.environment(cpu));
      X87Unit.set(cpu, destination, X87Unit.signExponent(cpu, 0), X87Unit.significand(cpu, 0));
    }
    if (pop) {
      X87Unit.pop(cpu);
    }
  }

  private static void fstExtended(Vcpu cpu, Instruction in) {
    if (X87Unit.isEmpty(cpu, 0)) {
      if ((cpu.x87().control() & FloatEnvironment.INVALID) != 0) {
        MemoryNumbers.writeExtended(
            cpu, in, Binary80.INDEFINITE_SIGN_EXPONENT, Binary80.INDEFINITE_SIGNIFICAND);
      } else {
        MemoryNumbers.writable(cpu, in);
      }
      stackUnderflow(cpu, in, true);
      return;
    }
    MemoryNumbers.writeExtended(cpu, in, X87Unit.signExponent(cpu, 0), X87Unit.significand(cpu, 0));
    X87Unit.record(cpu, in);
    X87Unit.commit(cpu, X87Unit.environment(cpu));
    X87Unit.pop(cpu);
  }

  /** After the indefinite was written, or was not because the exception is unmasked. */
  private static void stackUnderflow(Vcpu cpu, Instruction in, boolean pop) {
    X87Unit.record(cpu, in);
    if (X87Unit.underflow(cpu) && pop) {
      X87Unit.pop(cpu);
    }
  }

  private static void fstNarrow(Vcpu cpu, Instruction in, boolean pop) {
    ExtendedEnvironment e = X87Unit.environment(cpu);
    boolean single = in.bits(0) == 32;
    if (X87Unit.isEmpty(cpu, 0)) {
      if ((cpu.x87().control() & FloatEnvironment.INVALID) != 0) {
        MemoryNumbers.write(cpu, in, single ? INDEFINITE_32 : INDEFINITE_64);
      } else {
        MemoryNumbers.writable(cpu, in);
      }
      stackUnderflow(cpu, in, pop);
      return;
    }
    int se = X87Unit.signExponent(cpu, 0);
    long s = X87Unit.significand(cpu, 0);
    long bits =
        single
            ? Binary80Conversions.toBinary32(se, s, e)
            : Binary80Conversions.toBinary64(se, s, e);
    store(cpu, in, bits, pop, e);
  }

  /** Stores and pops unless an unmasked exception forbids it. */
  private static void store(
      Vcpu cpu, Instruction in, long bits, boolean pop, ExtendedEnvironment e) {
    boolean stores = (e.unmasked() & PREVENTS_STORE) == 0;
    if (stores) {
      MemoryNumbers.write(cpu, in, bits);
    } else {
      e.withdraw(FloatEnvironment.PRECISION);
      MemoryNumbers.writable(cpu, in);
    }
    X87Unit.record(cpu, in);
    X87Unit.commit(cpu, e);
    if (stores && pop) {
      X87Unit.pop(cpu);
    }
  }

  private static void fist(Vcpu cpu, Instruction in, boolean pop, boolean truncate) {
    if (!X87Unit.begin(cpu, in)) {
      return;
    }
    ExtendedEnvironment e = X87Unit.environment(cpu);
    long indefinite = -1L << (in.bits(0) - 1);
    if (X87Unit.isEmpty(cpu, 0)) {
      if ((cpu.x87().control() & FloatEnvironment.INVALID) != 0) {
        MemoryNumbers.write(cpu, in, indefinite);
      } else {
        MemoryNumbers.writable(cpu, in);
      }
      stackUnderflow(cpu, in, pop);
      return;
    }
    long value =
        Binary80Conversions.toInteger(
            X87Unit.signExponent(cpu, 0),
            X87Unit.significand(cpu, 0),
            truncate ? FloatEnvironment.ZERO : e.rounding(),
            ~indefinite,
            e);
    boolean fits = (e.flags() & FloatEnvironment.INVALID) == 0;
    store(cpu, in, fits ? value : indefinite, pop, e);
  }

  private static void fbstp(Vcpu cpu, Instruction in) {
    if (!X87Unit.begin(cpu, in)) {
      return;
    }
    ExtendedEnvironment e = X87Unit.environment(cpu);
    boolean masked = (cpu.x87().control() & FloatEnvironment.INVALID) != 0;
    if (X87Unit.isEmpty(cpu, 0)) {
      if (masked) {
        MemoryNumbers.writeExtended(
            cpu, in, Binary80.INDEFINITE_SIGN_EXPONENT, Binary80.INDEFINITE_SIGNIFICAND);
      } else {
        MemoryNumbers.writable(cpu, in);
      }
      stackUnderflow(cpu, in, true);
      return;
    }
    Binary80Conversions.toDecimal(X87Unit.signExponent(cpu, 0), X87Unit.significand(cpu, 0), e);
    boolean stores = !e.prevented();
    if (stores) {
      MemoryNumbers.writeExtended(cpu, in, e.signExponent(), e.significand());
    } else {
      MemoryNumbers.writable(cpu, in);
    }
    X87Unit.record(cpu, in);
    X87Unit.commit(cpu, e);
    if (stores) {
      X87Unit.pop(cpu);
    }
  }
}
