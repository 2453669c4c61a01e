package dev.hindsight.translator;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.X87Registers;

/**
 * What the host's x87 unit holds while it is the guest's, and what it cannot hold: FIP, FCS, FOP,
 * FDP and FDS. The host's own tell of the host's code. Emitted code notes in the {@link EngineArea}
 * which instruction was the last and where its operand was; when emitted code is left for good,
 * that becomes what the guest may see.
 *
 * <p>Selectors are then those of the vCPU: nothing that changes them is emitted but for SYSCALL and
 * SYSRET, which are left to the interpreter while something is noted.
 */
final class X87State {
  /** In {@link EngineArea#X87_LAST}: something is noted. */
  private static final int NOTED = 1 << 31;

  private static final int OFFSET_BITS = 12;
  private static final int OPCODE = 0x7FF;

  /** All exceptions are masked. */
  static final int MASKS = 0x3F;

  /** Precision control, and its value that means nothing. */
  static final int PRECISION = 0x300;

  static final int NO_PRECISION = 0x100;

  /** Bits of the control word that can be 1. */
  static final int CONTROL_BITS = 0x1F3F;

  /** The bit of the control word that always is. */
  static final int CONTROL_FIXED = 0x40;

  /** ES and B of the status word. */
  private static final int PENDING = 0x8080;

  private X87State() {}

  /** Whether the host's unit can be the guest's without an exception ever. */
  static boolean isInnocent(X87Registers x) {
    int control = x.control();
    return (control & MASKS) == MASKS
        && (control & PRECISION) != NO_PRECISION
        && (control & CONTROL_BITS | CONTROL_FIXED) == control
        && (x.status() & PENDING) == 0;
  }

  /**
   * What is noted of an instruction.
   *
   * @param offset where it begins in its page
   * @param fop low 11 bits of its opcode
   */
  static int note(int offset, int fop) {
    return NOTED | fop << OFFSET_BITS | offset;
  }

  /** Takes it back after it was stored. */
  static void leave(Vcpu cpu, EngineArea area) {
    X87Registers x = cpu.x87();
    x.written();
    int last = area.getInt(EngineArea.X87_LAST);
    if (last == 0) {
      return;
    }
    area.put(EngineArea.X87_LAST, 0);
    long offset = area.getLong(EngineArea.X87_PAGE) + (last & (1 << OFFSET_BITS) - 1);
    x.lastInstruction(
        cpu.is64Bit() ? offset : offset & 0xFFFF_FFFFL,
        cpu.cs().selector(),
        last >>> OFFSET_BITS & OPCODE);
    int segment = area.getInt(EngineArea.X87_DATA_SEGMENT);
    if (segment != 0) {
      area.put(EngineArea.X87_DATA_SEGMENT, 0);
      x.lastData(area.getLong(EngineArea.X87_DATA), cpu.segment(segment - 1).selector());
    }
  }
}
