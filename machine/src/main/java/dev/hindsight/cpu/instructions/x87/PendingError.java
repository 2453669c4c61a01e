package dev.hindsight.cpu.instructions.x87;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.Vector;
import dev.hindsight.x86.Instruction;

/**
 * An unmasked x87 exception that waits to be reported (SDM volume 1, section 8.7).
 *
 * <p>With CR0.NE set, the next waiting x87 or MMX instruction takes #MF. With CR0.NE clear, the
 * processor asserts FERR#, which a PC leads to IRQ 13, and the next waiting instruction is held
 * until an interrupt comes, unless IGNNE# is asserted: the handler writes to port F0h, which
 * asserts it, and can then use the unit.
 */
public final class PendingError {
  /** ES: an unmasked exception is pending. */
  static final int ERROR_SUMMARY = 1 << 7;

  /** B: copies ES. */
  static final int BUSY = 1 << 15;

  private PendingError() {}

  /**
   * Reports a pending exception to a waiting instruction.
   *
   * @return whether the instruction may go on. If not, it must return having done nothing: the
   *     instruction pointer is back at it, so that it is tried again after the next step
   */
  public static boolean passes(Vcpu cpu, Instruction in) {
    if ((cpu.x87().status() & ERROR_SUMMARY) == 0) {
      return true;
    }
    if (cpu.control().cr0Has(ControlRegisters.CR0_NE)) {
      throw GuestFault.of(Vector.MF);
    }
    if (cpu.events().ignoreNumericError()) {
      return true;
    }
    cpu.events().numericError(true);
    long mask = cpu.is64Bit() ? -1 : cpu.cs().isBig() ? 0xFFFF_FFFFL : 0xFFFF;
    cpu.rip((cpu.rip() - in.length()) & mask);
    cpu.endBlock();
    return false;
  }

  /** Derives ES and B from the flags and masks, and drives FERR#, after a change of either. */
  public static void update(Vcpu cpu) {
    int status = cpu.x87().status();
    boolean pending = (status & ~cpu.x87().control() & 0x3F) != 0;
    int summary = pending ? ERROR_SUMMARY | BUSY : 0;
    if ((status & (ERROR_SUMMARY | BUSY)) == summary) {
      return;
    }
    cpu.x87().status((status & ~(ERROR_SUMMARY | BUSY)) | summary);
    if (!cpu.control().cr0Has(ControlRegisters.CR0_NE)) {
      cpu.events().numericError(pending);
    } else if (!pending) {
      cpu.events().numericError(false);
    }
  }
}
