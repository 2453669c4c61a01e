package dev.hindsight.cpu.instructions.system;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.Vector;
import dev.hindsight.cpu.VectorRegisters;
import dev.hindsight.x86.Feature;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Prefixes;

/**
 * FXSAVE, FXRSTOR and the XSAVE family (SDM volume 1, sections 10.5 and 13.7 to 13.12).
 *
 * <p>XSAVEOPT, XSAVEC and XSAVES leave out components in their initial configuration and never
 * leave out one for not having been modified: that would depend on where a context was last
 * restored from.
 */
final class ExtendedStateInstructions {
  private static final int FXSAVE_ALIGNMENT = 16;
  private static final int XSAVE_ALIGNMENT = 64;
  private static final int XSTATE_BV = ExtendedState.HEADER;
  private static final int XCOMP_BV = ExtendedState.HEADER + 8;
  private static final int HEADER_REST = ExtendedState.HEADER + 16;
  private static final int HEADER_END = ExtendedState.HEADER + 64;
  private static final long COMPACTED = 1L << 63;

  private ExtendedStateInstructions() {}

  static void register(SemanticTable.Builder table) {
    table
        .add(Mnemonic.FXSAVE, ExtendedStateInstructions::fxsave)
        .add(Mnemonic.FXRSTOR, ExtendedStateInstructions::fxrstor)
        .add(Mnemonic.XSAVE, standard(false))
        .add(Mnemonic.XSAVEOPT, standard(true))
        .add(Mnemonic.XSAVEC, ExtendedStateInstructions::xsavec)
        .add(Mnemonic.XSAVES, ExtendedStateInstructions::xsaves)
        .add(Mnemonic.XRSTOR, ExtendedStateInstructions::xrstor)
        .add(Mnemonic.XRSTORS, ExtendedStateInstructions::xrstors);
  }

  private static boolean isWide(Instruction in) {
    return in.has(Prefixes.W);
  }

  // ---- FXSAVE and FXRSTOR

  private static void requireFpu(Vcpu cpu) {
    if ((cpu.control().cr0() & (ControlRegisters.CR0_EM | ControlRegisters.CR0_TS)) != 0) {
      throw GuestFault.of(Vector.NM);
    }
  }

  /** XMM registers and MXCSR are part of it only if CR4.OSFXSR is set. */
  private static boolean hasSse(Vcpu cpu) {
    return cpu.control().cr4Has(ControlRegisters.CR4_OSFXSR);
  }

  private static void fxsave(Vcpu cpu, Instruction in) {
    requireFpu(cpu);
    StateArea area =
        StateArea.writable(
            cpu, (MemoryOperand) in.operand(0), FXSAVE_ALIGNMENT, StateArea.FXSAVE_BYTES);
    area.saveX87(isWide(in));
    if (hasSse(cpu)) {
      area.saveMxcsr();
      area.saveXmm();
    }
  }

  private static void fxrstor(Vcpu cpu, Instruction in) {
    requireFpu(cpu);
    StateArea area =
        StateArea.readable(
            cpu, (MemoryOperand) in.operand(0), FXSAVE_ALIGNMENT, StateArea.FXSAVE_BYTES);
    if (hasSse(cpu)) {
      cpu.vectors().mxcsr(area.checkedMxcsr());
      area.restoreXmm();
    }
    area.restoreX87(isWide(in));
  }

  // ---- XSAVE and its kin

  private static void requireXsave(Vcpu cpu) {
    if (!cpu.control().cr4Has(ControlRegisters.CR4_OSXSAVE)) {
      throw GuestFault.undefined();
    }
    if (cpu.control().cr0Has(ControlRegisters.CR0_TS)) {
      throw GuestFault.of(Vector.NM);
    }
  }

  /** The requested-feature bitmap: what EDX:EAX asks for of what XCR0 enables. */
  private static long requested(Vcpu cpu) {
    return MsrInstructions.halves(cpu) & cpu.control().xcr0();
  }

  private static Semantic standard(boolean skipInitial) {
    return (cpu, in) -> {
      requireXsave(cpu);
      long requested = requested(cpu);
      StateArea area =
          StateArea.writable(
              cpu,
              (MemoryOperand) in.operand(0),
              XSAVE_ALIGNMENT,
              ExtendedState.standardSize(requested));
      long inUse = ExtendedState.inUseWithoutMxcsr(cpu);
      long old = area.get64(XSTATE_BV);
      save(cpu, in, area, skipInitial ? requested & inUse : requested, ExtendedState.PKRU_OFFSET);
      if ((requested & (ExtendedState.SSE | ExtendedState.AVX)) != 0) {
        area.saveMxcsr();
      }
      area.put64(XSTATE_BV, (old & ~requested) | (requested & inUse));
    };
  }

  private static void save(
      Vcpu cpu, Instruction in, StateArea area, long components, int pkruOffset) {
    if ((components & ExtendedState.X87) != 0) {
      area.saveX87(isWide(in));
    }
    if ((components & ExtendedState.SSE) != 0) {
      area.saveXmm();
    }
    if ((components & ExtendedState.AVX) != 0) {
      area.saveUpperHalves();
    }
    if ((components & ExtendedState.PKRU) != 0) {
      area.put64(pkruOffset, cpu.control().pkru() & 0xFFFF_FFFFL);
    }
  }

  private static void xsavec(Vcpu cpu, Instruction in) {
    requireXsave(cpu);
    saveCompacted(cpu, in);
  }

  /** There are no supervisor components, so that XSAVES differs in its privilege only. */
  private static void xsaves(Vcpu cpu, Instruction in) {
    requireXsave(cpu);
    ControlRegisterRules.requireSupervisor(cpu);
    saveCompacted(cpu, in);
  }

  private static void saveCompacted(Vcpu cpu, Instruction in) {
    long requested = requested(cpu);
    StateArea area =
        StateArea.writable(
            cpu,
            (MemoryOperand) in.operand(0),
            XSAVE_ALIGNMENT,
            ExtendedState.compactedSize(requested));
    long saved = requested & ExtendedState.inUse(cpu);
    save(cpu, in, area, saved, ExtendedState.compactedPkruOffset(requested));
    if ((saved & ExtendedState.SSE) != 0) {
      area.saveMxcsr();
    }
    area.put64(XSTATE_BV, saved);
    area.put64(XCOMP_BV, requested | COMPACTED);
  }

  // ---- XRSTOR and XRSTORS

  private static void xrstor(Vcpu cpu, Instruction in) {
    requireXsave(cpu);
    MemoryOperand m = (MemoryOperand) in.operand(0);
    StateArea header = StateArea.readable(cpu, m, XSAVE_ALIGNMENT, HEADER_END);
    boolean compacted = (header.get64(XCOMP_BV) & COMPACTED) != 0;
    if (compacted && cpu.model().has(Feature.XSAVEC)) {
      restoreCompacted(cpu, in, header);
    } else {
      restoreStandard(cpu, in, header);
    }
  }

  private static void xrstors(Vcpu cpu, Instruction in) {
    requireXsave(cpu);
    ControlRegisterRules.requireSupervisor(cpu);
    MemoryOperand m = (MemoryOperand) in.operand(0);
    StateArea header = StateArea.readable(cpu, m, XSAVE_ALIGNMENT, HEADER_END);
    require((header.get64(XCOMP_BV) & COMPACTED) != 0);
    restoreCompacted(cpu, in, header);
  }

  private static void restoreStandard(Vcpu cpu, Instruction in, StateArea header) {
    long present = header.get64(XSTATE_BV);
    require((present & ~cpu.control().xcr0()) == 0);
    require(header.get64(XCOMP_BV) == 0 && header.get64(HEADER_REST) == 0);
    long requested = requested(cpu);
    StateArea area =
        StateArea.readable(
            cpu,
            (MemoryOperand) in.operand(0),
            XSAVE_ALIGNMENT,
            ExtendedState.standardSize(requested));
    if ((requested & (ExtendedState.SSE | ExtendedState.AVX)) != 0) {
      cpu.vectors().mxcsr(area.checkedMxcsr());
    }
    restore(cpu, in, area, requested, present, ExtendedState.PKRU_OFFSET);
  }

  private static void restoreCompacted(Vcpu cpu, Instruction in, StateArea header) {
    long present = header.get64(XSTATE_BV);
    long layout = header.get64(XCOMP_BV) & ~COMPACTED;
    require((layout & ~cpu.control().xcr0()) == 0 && (present & ~layout) == 0);
    for (int offset = HEADER_REST; offset < HEADER_END; offset += 8) {
      require(header.get64(offset) == 0);
    }
    long requested = requested(cpu);
    StateArea area =
        StateArea.readable(
            cpu,
            (MemoryOperand) in.operand(0),
            XSAVE_ALIGNMENT,
            ExtendedState.compactedSize(layout));
    if ((requested & ExtendedState.SSE) != 0) {
      boolean loads = (present & ExtendedState.SSE) != 0;
      cpu.vectors().mxcsr(loads ? area.checkedMxcsr() : VectorRegisters.MXCSR_DEFAULT);
    }
    restore(cpu, in, area, requested, present, ExtendedState.compactedPkruOffset(layout));
  }

  private static void restore(
      Vcpu cpu, Instruction in, StateArea area, long requested, long present, int pkruOffset) {
    ExtendedState.initialize(cpu, requested & ~present);
    long loaded = requested & present;
    if ((loaded & ExtendedState.X87) != 0) {
      area.restoreX87(isWide(in));
    }
    if ((loaded & ExtendedState.SSE) != 0) {
      area.restoreXmm();
    }
    if ((loaded & ExtendedState.AVX) != 0) {
      area.restoreUpperHalves();
    }
    if ((loaded & ExtendedState.PKRU) != 0) {
      cpu.control().pkru(area.get32(pkruOffset));
    }
    if ((requested & ExtendedState.PKRU) != 0) {
      cpu.updateMode();
    }
  }

  private static void require(boolean condition) {
    if (!condition) {
      throw GuestFault.generalProtection(0);
    }
  }
}
