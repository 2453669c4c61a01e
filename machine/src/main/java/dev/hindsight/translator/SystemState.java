package dev.hindsight.translator;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.ModelSpecificRegisters;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.instructions.system.SystemCallInstructions;
import dev.hindsight.cpu.paging.Privilege;
import dev.hindsight.cpu.paging.Tlb;

/**
 * What emitted system instructions read and write, in the {@link EngineArea}: flags, privilege,
 * bases and clock. It is put there before emitted code is entered, and taken back when it is left
 * for good.
 */
final class SystemState {
  private static final int FS = 4;
  private static final int GS = 5;

  /** In {@link EngineArea#LEVEL}: the privilege level is what the vCPU says. */
  private static final int UNCHANGED = 0;

  /** In {@link EngineArea#LEVEL}: SYSCALL was the last to change it. */
  static final int SYSTEM = 1;

  /** In {@link EngineArea#LEVEL}: SYSRET was the last to change it. */
  static final int USER = 2;

  /** In {@link EngineArea#SHADOW}, where else is what tells the instruction that follows STI. */
  static final int NO_SHADOW = -1;

  /** In place of what tells an instruction: one that has not followed another in its block. */
  static final int NO_INSTRUCTION = -2;

  private SystemState() {}

  /**
   * Puts it there.
   *
   * @param budget steps that the emitted code may charge
   * @param charged steps that it has charged of what is to be executed
   */
  static void enter(Vcpu cpu, EngineArea area, long budget, long charged) {
    Flags flags = cpu.flags();
    boolean supervisor = cpu.cpl() == 0;
    area.put(EngineArea.SYSTEM_FLAGS, flags.system());
    area.put(EngineArea.SUPERVISOR, supervisor ? 1 : 0);
    area.put(EngineArea.MAY_CHANGE_IF, flags.iopl() >= cpu.cpl() ? 1 : 0);
    area.put(EngineArea.QUIET, cpu.events().any() ? 0 : 1);
    area.put(EngineArea.SHADOW, NO_SHADOW);
    area.put(EngineArea.LEVEL, UNCHANGED);
    area.put(EngineArea.FS_BASE, cpu.segment(FS).base());
    area.put(EngineArea.GS_BASE, cpu.segment(GS).base());
    SegmentState.enter(cpu, area);
    area.put(EngineArea.TLB, cpu.memory().tlb().address());
    area.put(EngineArea.CLOCK_ALLOWED, cpu.control().cr4Has(ControlRegisters.CR4_TSD) ? 0 : 1);
    area.put(EngineArea.CLOCK, cpu.tick() + budget + charged);
    area.put(EngineArea.LATEST_CLOCK, cpu.cpuPackage().latestRead());
    area.put(EngineArea.CLOCK_ADJUST, cpu.msrs().tscAdjust());
    area.put(EngineArea.CLOCK_AUX, (int) cpu.msrs().tscAux());
    enterSystemCalls(cpu, area);
  }

  private static void enterSystemCalls(Vcpu cpu, EngineArea area) {
    ModelSpecificRegisters m = cpu.msrs();
    int mask = (int) m.fmask();
    boolean ready =
        cpu.is64Bit()
            && cpu.control().eferHas(ControlRegisters.EFER_SCE)
            && (mask & Flags.AC) != 0
            && !cpu.pmu().distinguishesLevels();
    area.put(EngineArea.SYSCALL_READY, ready ? 1 : 0);
    if (!ready) {
      return;
    }
    area.put(EngineArea.SYSCALL_TARGET, m.lstar());
    area.put(EngineArea.SYSCALL_MASK, ~mask & ~Flags.RF);
    area.put(EngineArea.KERNEL_GS_BASE, m.kernelGsBase());
    int mode = cpu.modeKey();
    area.put(EngineArea.TLB_USER, prepared(cpu, Privilege.USER, mode));
    area.put(EngineArea.TLB_SUPERVISOR, prepared(cpu, Privilege.SUPERVISOR, mode));
  }

  private static long prepared(Vcpu cpu, Privilege privilege, int mode) {
    Tlb tlb = cpu.memory().tlb(privilege);
    tlb.codeMode(mode);
    return tlb.address();
  }

  /** Makes the vCPU's privilege level that at which emitted code left; its flags must be there. */
  static void takeLevel(Vcpu cpu, EngineArea area) {
    int level = area.getInt(EngineArea.LEVEL);
    if (level == UNCHANGED) {
      return;
    }
    area.put(EngineArea.LEVEL, UNCHANGED);
    cpu.flags().system(area.getInt(EngineArea.SYSTEM_FLAGS));
    if (level == SYSTEM) {
      SystemCallInstructions.enterSystem(cpu);
    } else {
      SystemCallInstructions.returnToUser(cpu, true);
    }
  }

  /**
   * Takes it back.
   *
   * @param info what tells the instruction that comes next, or {@link #NO_INSTRUCTION} if it is the
   *     first of a block
   */
  static void leave(Vcpu cpu, EngineArea area, int info) {
    takeLevel(cpu, area);
    cpu.flags().system(area.getInt(EngineArea.SYSTEM_FLAGS));
    cpu.segment(GS).base(area.getLong(EngineArea.GS_BASE));
    if (area.getInt(EngineArea.SYSCALL_READY) != 0) {
      cpu.msrs().kernelGsBase(area.getLong(EngineArea.KERNEL_GS_BASE));
    }
    cpu.cpuPackage().latestRead(area.getLong(EngineArea.LATEST_CLOCK));
    if (area.getInt(EngineArea.SHADOW) == info) {
      cpu.events().shadowAfterSti();
    }
  }
}
