package dev.hindsight.cpu.instructions.system;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;

/** RDMSR and WRMSR. What the registers do is in {@link MsrRules}. */
final class MsrInstructions {
  private MsrInstructions() {}

  static void register(SemanticTable.Builder table) {
    table.add(Mnemonic.RDMSR, MsrInstructions::rdmsr).add(Mnemonic.WRMSR, MsrInstructions::wrmsr);
  }

  private static void rdmsr(Vcpu cpu, Instruction in) {
    ControlRegisterRules.requireSupervisor(cpu);
    long value = MsrRules.read(cpu, number(cpu));
    writeHalves(cpu, value);
  }

  private static void wrmsr(Vcpu cpu, Instruction in) {
    ControlRegisterRules.requireSupervisor(cpu);
    MsrRules.write(cpu, number(cpu), halves(cpu));
  }

  private static int number(Vcpu cpu) {
    int number = cpu.general().get32(GeneralRegisters.RCX);
    cpu.stopMonitor().happened(Stops.Event.MSR, number & 0xFFFF_FFFFL);
    return number;
  }

  /** EDX:EAX. */
  static long halves(Vcpu cpu) {
    GeneralRegisters r = cpu.general();
    return (r.get64(GeneralRegisters.RDX) << 32) | (r.get64(GeneralRegisters.RAX) & 0xFFFF_FFFFL);
  }

  /** Writes EDX:EAX. */
  static void writeHalves(Vcpu cpu, long value) {
    cpu.general().set32(GeneralRegisters.RAX, (int) value);
    cpu.general().set32(GeneralRegisters.RDX, (int) (value >>> 32));
  }
}
