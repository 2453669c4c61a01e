package dev.hindsight.cpu.instructions.system;

import dev.hindsight.cpu.Activity;
import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.ModelSpecificRegisters;
import dev.hindsight.cpu.SegmentedMemory;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;

/**
 * MONITOR and MWAIT, for privilege level 0, without extensions (ECX must be 0). MWAIT sleeps as HLT
 * does, until an interrupt that EFLAGS.IF lets through or a write to the monitored line; if that
 * was written already, it does not sleep.
 */
final class MonitorInstructions {
  private static final int DS = 3;
  private static final long ENABLED = 1L << 18;

  private MonitorInstructions() {}

  static void register(SemanticTable.Builder table) {
    table
        .add(Mnemonic.MONITOR, MonitorInstructions::monitor)
        .add(Mnemonic.MWAIT, MonitorInstructions::mwait);
  }

  /** Whether IA32_MISC_ENABLE lets them be. */
  static boolean enabled(Vcpu cpu) {
    return (cpu.msrs().get(ModelSpecificRegisters.MISC_ENABLE) & ENABLED) != 0;
  }

  private static void check(Vcpu cpu) {
    if (cpu.cpl() != 0 || !enabled(cpu)) {
      throw GuestFault.undefined();
    }
    if (cpu.general().get32(GeneralRegisters.RCX) != 0) {
      throw GuestFault.generalProtection(0);
    }
  }

  private static void monitor(Vcpu cpu, Instruction in) {
    check(cpu);
    int segment = in.operand(0) instanceof MemoryOperand m ? m.segment().number() : DS;
    long offset = SegmentedMemory.wrap(cpu.general().get64(GeneralRegisters.RAX), in.addressBits());
    long linear = cpu.segmented().readable(segment, offset, 1);
    cpu.addressMonitor().arm(cpu.memory().translateRead(linear));
  }

  private static void mwait(Vcpu cpu, Instruction in) {
    check(cpu);
    if (cpu.addressMonitor().armed()) {
      cpu.activity(Activity.HALTED);
    }
  }
}
