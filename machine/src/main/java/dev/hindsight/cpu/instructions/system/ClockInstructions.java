package dev.hindsight.cpu.instructions.system;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.ModelSpecificRegisters;
import dev.hindsight.cpu.Operands;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.pmu.PerformanceMonitor;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;

/** The time-stamp counter, the processor's number, and performance counters. */
final class ClockInstructions {
  /** In ECX of RDPMC: a fixed counter. */
  private static final int FIXED = 1 << 30;

  private ClockInstructions() {}

  static void register(SemanticTable.Builder table) {
    table
        .add(Mnemonic.RDTSC, ClockInstructions::rdtsc)
        .add(Mnemonic.RDTSCP, ClockInstructions::rdtscp)
        .add(Mnemonic.RDPID, ClockInstructions::rdpid)
        .add(Mnemonic.RDPMC, ClockInstructions::rdpmc);
  }

  private static void requireClock(Vcpu cpu) {
    if (cpu.cpl() != 0 && cpu.control().cr4Has(ControlRegisters.CR4_TSD)) {
      throw GuestFault.generalProtection(0);
    }
  }

  private static long aux(Vcpu cpu) {
    return cpu.msrs().get(ModelSpecificRegisters.TSC_AUX);
  }

  private static void rdtsc(Vcpu cpu, Instruction in) {
    requireClock(cpu);
    MsrInstructions.writeHalves(cpu, MsrRules.timeStamp(cpu));
  }

  private static void rdtscp(Vcpu cpu, Instruction in) {
    rdtsc(cpu, in);
    cpu.general().set32(GeneralRegisters.RCX, (int) aux(cpu));
  }

  private static void rdpid(Vcpu cpu, Instruction in) {
    Operands.write(cpu, in, 0, aux(cpu));
  }

  private static void rdpmc(Vcpu cpu, Instruction in) {
    int ecx = cpu.general().get32(GeneralRegisters.RCX);
    boolean fixed = (ecx & FIXED) != 0;
    int number = ecx & ~FIXED;
    int count = fixed ? PerformanceMonitor.FIXED : PerformanceMonitor.GENERAL;
    boolean allowed = cpu.cpl() == 0 || cpu.control().cr4Has(ControlRegisters.CR4_PCE);
    if (!allowed || number < 0 || number >= count) {
      throw GuestFault.generalProtection(0);
    }
    long steps = cpu.steps();
    MsrInstructions.writeHalves(
        cpu, fixed ? cpu.pmu().fixed(number, steps) : cpu.pmu().general(number, steps));
  }
}
