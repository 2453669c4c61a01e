package dev.hindsight.cpu.instructions.general;

import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.Operands;
import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.x86.Mnemonic;

/** Shifts and rotates (SDM volume 1, section 7.3.6), and those of BMI2. */
final class ShiftInstructions {
  private ShiftInstructions() {}

  @FunctionalInterface
  private interface Shift {
    long apply(Flags f, long a, int count, int bits);
  }

  @FunctionalInterface
  private interface DoubleShift {
    long apply(Flags f, long a, long b, int count, int bits);
  }

  @FunctionalInterface
  private interface FlaglessShift {
    long apply(long a, int count, int bits);
  }

  static void register(SemanticTable.Builder table) {
    table
        .add(Mnemonic.SHL, shift(Shifts::shl))
        .add(Mnemonic.SHR, shift(Shifts::shr))
        .add(Mnemonic.SAR, shift(Shifts::sar))
        .add(Mnemonic.ROL, shift(Shifts::rol))
        .add(Mnemonic.ROR, shift(Shifts::ror))
        .add(Mnemonic.RCL, shift(Shifts::rcl))
        .add(Mnemonic.RCR, shift(Shifts::rcr))
        .add(Mnemonic.SHLD, doubleShift(Shifts::shld))
        .add(Mnemonic.SHRD, doubleShift(Shifts::shrd))
        .add(Mnemonic.RORX, flagless((a, n, bits) -> Shifts.rotateLeft(a, -n, bits)))
        .add(Mnemonic.SHLX, flagless((a, n, bits) -> a << Shifts.mask(n, bits)))
        .add(Mnemonic.SHRX, flagless((a, n, bits) -> a >>> Shifts.mask(n, bits)))
        .add(
            Mnemonic.SARX,
            flagless((a, n, bits) -> (a << (64 - bits)) >> (64 - bits) >> Shifts.mask(n, bits)));
  }

  private static Semantic shift(Shift shift) {
    return (cpu, in) -> {
      int count = (int) Operands.read(cpu, in, 1);
      long a = Operands.readForWrite(cpu, in, 0);
      Operands.write(cpu, in, 0, shift.apply(cpu.flags(), a, count, in.bits(0)));
    };
  }

  private static Semantic doubleShift(DoubleShift shift) {
    return (cpu, in) -> {
      int count = (int) Operands.read(cpu, in, 2);
      long b = Operands.read(cpu, in, 1);
      long a = Operands.readForWrite(cpu, in, 0);
      Operands.write(cpu, in, 0, shift.apply(cpu.flags(), a, b, count, in.bits(0)));
    };
  }

  private static Semantic flagless(FlaglessShift shift) {
    return (cpu, in) -> {
      long a = Operands.read(cpu, in, 1);
      int count = (int) Operands.read(cpu, in, 2);
      Operands.write(cpu, in, 0, shift.apply(a, count, in.bits(0)));
    };
  }
}
