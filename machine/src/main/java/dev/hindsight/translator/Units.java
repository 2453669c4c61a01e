package dev.hindsight.translator;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.Vcpu;

/**
 * What of the host's processor blocks need besides its general registers: sets of bits. The guest's
 * registers are loaded into them when a block asks for it, and stay there until emitted code
 * returns.
 */
final class Units {
  static final int NONE = 0;

  /** The vector registers and MXCSR, as far as SSE has them. */
  static final int SSE = 1;

  /** All of the vector registers. */
  static final int AVX = 3;

  /** The x87 registers, which are the MMX registers too. */
  static final int X87 = 4;

  private static final int ALL_MASKED = 0x1F80;

  private Units() {}

  /** Emits a test whether one of a set has been loaded: ZF says no. */
  static void test(HostEmitter out, int units) {
    out.memory(Opcode.of(0xF6), 0, 0, HostRegister.AREA, EngineArea.LOADED, false);
    out.byte1(units);
  }

  /** What a block may use now without fault or trap. */
  static int ready(Vcpu cpu) {
    ControlRegisters c = cpu.control();
    if (c.cr0Has(ControlRegisters.CR0_EM) || c.cr0Has(ControlRegisters.CR0_TS)) {
      return NONE;
    }
    return vectors(cpu, c) | (X87State.isInnocent(cpu.x87()) ? X87 : NONE);
  }

  private static int vectors(Vcpu cpu, ControlRegisters c) {
    if (!c.cr4Has(ControlRegisters.CR4_OSFXSR)
        || (cpu.vectors().mxcsr() & ALL_MASKED) != ALL_MASKED) {
      return NONE;
    }
    return c.cr4Has(ControlRegisters.CR4_OSXSAVE) && (c.xcr0() & 6) == 6 ? AVX : SSE;
  }
}
