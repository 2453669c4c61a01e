package dev.hindsight.cpu.instructions.system;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Operands;
import dev.hindsight.cpu.SegmentRegister;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.protection.SegmentInspection;
import dev.hindsight.cpu.protection.SystemSegmentLoader;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;

/**
 * Loading and storing LDTR and TR, and looking at descriptors (SDM volume 3, sections 2.8.1 and
 * 5.10). None of them exists in real mode and virtual-8086 mode.
 */
public final class SegmentInstructions {
  private SegmentInstructions() {}

  /** Adds them to a table. */
  public static void register(SemanticTable.Builder table) {
    table
        .add(Mnemonic.SLDT, (cpu, in) -> store(cpu, in, cpu.ldtr()))
        .add(Mnemonic.STR, (cpu, in) -> store(cpu, in, cpu.tr()))
        .add(Mnemonic.LLDT, SegmentInstructions::lldt)
        .add(Mnemonic.LTR, SegmentInstructions::ltr)
        .add(Mnemonic.LAR, SegmentInstructions::lar)
        .add(Mnemonic.LSL, SegmentInstructions::lsl)
        .add(Mnemonic.VERR, SegmentInstructions::verr)
        .add(Mnemonic.VERW, SegmentInstructions::verw)
        .add(Mnemonic.ARPL, SegmentInstructions::arpl);
  }

  private static void requireProtectedMode(Vcpu cpu) {
    if (cpu.isRealOrVirtual8086()) {
      throw GuestFault.undefined();
    }
  }

  private static void requireSupervisor(Vcpu cpu) {
    if (cpu.cpl() != 0) {
      throw GuestFault.generalProtection(0);
    }
  }

  private static void store(Vcpu cpu, Instruction in, SegmentRegister register) {
    requireProtectedMode(cpu);
    if (cpu.control().cr4Has(ControlRegisters.CR4_UMIP)) {
      requireSupervisor(cpu);
    }
    Operands.write(cpu, in, 0, register.selector());
  }

  private static void lldt(Vcpu cpu, Instruction in) {
    requireProtectedMode(cpu);
    requireSupervisor(cpu);
    SystemSegmentLoader.loadLdtr(cpu, selector(cpu, in, 0));
  }

  private static void ltr(Vcpu cpu, Instruction in) {
    requireProtectedMode(cpu);
    requireSupervisor(cpu);
    SystemSegmentLoader.loadTr(cpu, selector(cpu, in, 0));
  }

  private static void lar(Vcpu cpu, Instruction in) {
    requireProtectedMode(cpu);
    inspect(cpu, in, SegmentInspection.accessRights(cpu, selector(cpu, in, 1)));
  }

  private static void lsl(Vcpu cpu, Instruction in) {
    requireProtectedMode(cpu);
    inspect(cpu, in, SegmentInspection.limit(cpu, selector(cpu, in, 1)));
  }

  private static void inspect(Vcpu cpu, Instruction in, long value) {
    boolean visible = value != SegmentInspection.INVISIBLE;
    if (visible) {
      Operands.write(cpu, in, 0, value);
    }
    cpu.flags().zf(visible);
  }

  private static void verr(Vcpu cpu, Instruction in) {
    requireProtectedMode(cpu);
    cpu.flags().zf(SegmentInspection.isReadable(cpu, selector(cpu, in, 0)));
  }

  private static void verw(Vcpu cpu, Instruction in) {
    requireProtectedMode(cpu);
    cpu.flags().zf(SegmentInspection.isWritable(cpu, selector(cpu, in, 0)));
  }

  private static void arpl(Vcpu cpu, Instruction in) {
    requireProtectedMode(cpu);
    int destination = (int) Operands.read(cpu, in, 0);
    int rpl = (int) Operands.read(cpu, in, 1) & 3;
    boolean raised = (destination & 3) < rpl;
    if (raised) {
      Operands.write(cpu, in, 0, (destination & ~3) | rpl);
    }
    cpu.flags().zf(raised);
  }

  private static int selector(Vcpu cpu, Instruction in, int operand) {
    return (int) Operands.read(cpu, in, operand) & 0xFFFF;
  }
}
