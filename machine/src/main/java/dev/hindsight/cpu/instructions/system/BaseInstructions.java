package dev.hindsight.cpu.instructions.system;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.LinearMemory;
import dev.hindsight.cpu.ModelSpecificRegisters;
import dev.hindsight.cpu.Operands;
import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;

/** SWAPGS, RDFSBASE and its kin: the segment bases of 64-bit mode. */
final class BaseInstructions {
  private static final int FS = 4;
  private static final int GS = 5;

  private BaseInstructions() {}

  static void register(SemanticTable.Builder table) {
    table
        .add(Mnemonic.SWAPGS, BaseInstructions::swapgs)
        .add(Mnemonic.RDFSBASE, read(FS))
        .add(Mnemonic.RDGSBASE, read(GS))
        .add(Mnemonic.WRFSBASE, write(FS))
        .add(Mnemonic.WRGSBASE, write(GS));
  }

  private static void swapgs(Vcpu cpu, Instruction in) {
    ControlRegisterRules.requireSupervisor(cpu);
    long base = cpu.segment(GS).base();
    cpu.segment(GS).base(cpu.msrs().get(ModelSpecificRegisters.KERNEL_GS_BASE));
    cpu.msrs().set(ModelSpecificRegisters.KERNEL_GS_BASE, base);
  }

  private static void requireEnabled(Vcpu cpu) {
    if (!cpu.control().cr4Has(ControlRegisters.CR4_FSGSBASE)) {
      throw GuestFault.undefined();
    }
  }

  private static Semantic read(int segment) {
    return (cpu, in) -> {
      requireEnabled(cpu);
      Operands.write(cpu, in, 0, cpu.segment(segment).base());
    };
  }

  private static Semantic write(int segment) {
    return (cpu, in) -> {
      requireEnabled(cpu);
      long base = Operands.read(cpu, in, 0);
      if (!LinearMemory.isCanonical(base)) {
        throw GuestFault.generalProtection(0);
      }
      cpu.segment(segment).base(base);
    };
  }
}
