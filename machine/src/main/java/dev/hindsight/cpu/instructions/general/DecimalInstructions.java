package dev.hindsight.cpu.instructions.general;

import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.Operands;
import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.x86.Mnemonic;

/** BCD adjustments (SDM volume 1, section 7.3.3) and SALC. */
final class DecimalInstructions {
  private DecimalInstructions() {}

  @FunctionalInterface
  private interface Adjustment {
    int apply(Flags f, int value);
  }

  static void register(SemanticTable.Builder table) {
    table
        .add(Mnemonic.AAA, ax(Decimal::aaa))
        .add(Mnemonic.AAS, ax(Decimal::aas))
        .add(Mnemonic.DAA, al(Decimal::daa))
        .add(Mnemonic.DAS, al(Decimal::das))
        .add(Mnemonic.SALC, al((f, value) -> f.cf() ? 0xFF : 0))
        .add(
            Mnemonic.AAM,
            (cpu, in) -> {
              int base = (int) Operands.read(cpu, in, 0) & 0xFF;
              GeneralRegisters r = cpu.general();
              int ax = r.get16(GeneralRegisters.RAX);
              r.set16(GeneralRegisters.RAX, Decimal.aam(cpu.flags(), ax, base));
            })
        .add(
            Mnemonic.AAD,
            (cpu, in) -> {
              int base = (int) Operands.read(cpu, in, 0) & 0xFF;
              GeneralRegisters r = cpu.general();
              int ax = r.get16(GeneralRegisters.RAX);
              r.set16(GeneralRegisters.RAX, Decimal.aad(cpu.flags(), ax, base));
            });
  }

  private static Semantic ax(Adjustment adjustment) {
    return (cpu, in) -> {
      GeneralRegisters r = cpu.general();
      int ax = r.get16(GeneralRegisters.RAX);
      r.set16(GeneralRegisters.RAX, adjustment.apply(cpu.flags(), ax));
    };
  }

  private static Semantic al(Adjustment adjustment) {
    return (cpu, in) -> {
      GeneralRegisters r = cpu.general();
      int al = r.get8(GeneralRegisters.RAX);
      r.set8(GeneralRegisters.RAX, adjustment.apply(cpu.flags(), al));
    };
  }
}
