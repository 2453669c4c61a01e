package dev.hindsight.cpu.instructions.system;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;

/** STAC, CLAC, RDPKRU, WRPKRU, XGETBV and XSETBV. */
final class AccessRightsInstructions {
  private AccessRightsInstructions() {}

  static void register(SemanticTable.Builder table) {
    table
        .add(Mnemonic.STAC, alignmentCheck(true))
        .add(Mnemonic.CLAC, alignmentCheck(false))
        .add(Mnemonic.RDPKRU, AccessRightsInstructions::rdpkru)
        .add(Mnemonic.WRPKRU, AccessRightsInstructions::wrpkru)
        .add(Mnemonic.XGETBV, AccessRightsInstructions::xgetbv)
        .add(Mnemonic.XSETBV, AccessRightsInstructions::xsetbv);
  }

  /** STAC and CLAC are #UD, not #GP, above privilege level 0. */
  private static Semantic alignmentCheck(boolean on) {
    return (cpu, in) -> {
      if (cpu.cpl() != 0) {
        throw GuestFault.undefined();
      }
      cpu.flags().put(Flags.AC, on);
      cpu.updateMode();
    };
  }

  private static void requireKeys(Vcpu cpu) {
    if (!cpu.control().cr4Has(ControlRegisters.CR4_PKE)) {
      throw GuestFault.undefined();
    }
    if (cpu.general().get32(GeneralRegisters.RCX) != 0) {
      throw GuestFault.generalProtection(0);
    }
  }

  private static void rdpkru(Vcpu cpu, Instruction in) {
    requireKeys(cpu);
    MsrInstructions.writeHalves(cpu, cpu.control().pkru() & 0xFFFF_FFFFL);
  }

  private static void wrpkru(Vcpu cpu, Instruction in) {
    requireKeys(cpu);
    if (cpu.general().get32(GeneralRegisters.RDX) != 0) {
      throw GuestFault.generalProtection(0);
    }
    cpu.control().pkru(cpu.general().get32(GeneralRegisters.RAX));
    cpu.updateMode();
  }

  private static void requireXsave(Vcpu cpu) {
    if (!cpu.control().cr4Has(ControlRegisters.CR4_OSXSAVE)) {
      throw GuestFault.undefined();
    }
  }

  /** XCR0, or with ECX = 1 which of its components are not in their initial state. */
  private static void xgetbv(Vcpu cpu, Instruction in) {
    requireXsave(cpu);
    long value =
        switch (cpu.general().get32(GeneralRegisters.RCX)) {
          case 0 -> cpu.control().xcr0();
          case 1 -> ExtendedState.inUse(cpu) & cpu.control().xcr0();
          default -> throw GuestFault.generalProtection(0);
        };
    MsrInstructions.writeHalves(cpu, value);
  }

  private static void xsetbv(Vcpu cpu, Instruction in) {
    requireXsave(cpu);
    ControlRegisterRules.requireSupervisor(cpu);
    long value = MsrInstructions.halves(cpu);
    if (cpu.general().get32(GeneralRegisters.RCX) != 0
        || (value & ~ExtendedState.supported(cpu.model())) != 0
        || (value & ExtendedState.X87) == 0
        || (value & (ExtendedState.AVX | ExtendedState.SSE)) == ExtendedState.AVX) {
      throw GuestFault.generalProtection(0);
    }
    cpu.control().xcr0(value);
    cpu.updateMode();
  }
}
