package dev.hindsight.cpu.instructions.x87;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.Vector;
import dev.hindsight.x86.Instruction;

/**
 * How MMX instructions share the x87 registers (SDM volume 3, chapter 13).
 *
 * <p>An MMX instruction first calls {@link #check}, which may fault and changes nothing; then it
 * reads memory, which may fault too; then it calls {@link #enter}, and reads and writes registers:
 *
 * <pre>{@code
 * if (!MmxState.check(cpu, in)) {
 *   return;
 * }
 * long source = ...;
 * MmxState.enter(cpu);
 * MmxState.write(cpu, n, MmxState.read(cpu, n) + source);
 * }</pre>
 */
public final class MmxState {
  private static final int TOP = 7 << 11;

  private MmxState() {}

  /**
   * #UD with CR0.EM, #NM with CR0.TS, and a pending x87 exception.
   *
   * @return whether the instruction may go on; if not it must return at once (see {@link
   *     PendingError#passes})
   */
  public static boolean check(Vcpu cpu, Instruction in) {
    if (cpu.control().cr0Has(ControlRegisters.CR0_EM)) {
      throw GuestFault.undefined();
    }
    if (cpu.control().cr0Has(ControlRegisters.CR0_TS)) {
      throw GuestFault.of(Vector.NM);
    }
    return PendingError.passes(cpu, in);
  }

  /** What MMX instructions do to the x87 unit: TOP is 0, all tags are valid. */
  public static void enter(Vcpu cpu) {
    cpu.x87().status(cpu.x87().status() & ~TOP);
    cpu.x87().emptyMask(0);
  }

  /** MMn. */
  public static long read(Vcpu cpu, int n) {
    return cpu.x87().significand(n);
  }

  /** Writes MMn; sign and exponent of the x87 register become all ones. */
  public static void write(Vcpu cpu, int n, long value) {
    cpu.x87().set(n, 0xFFFF, value);
  }

  /** EMMS: marks all registers empty; TOP becomes 0 (SDM volume 3, table 13-2). */
  public static void emms(Vcpu cpu, Instruction in) {
    if (check(cpu, in)) {
      enter(cpu);
      cpu.x87().emptyMask(0xFF);
    }
  }
}
