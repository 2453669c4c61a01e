package dev.hindsight.cpu.instructions.vector;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.Vector;
import dev.hindsight.cpu.instructions.x87.MmxState;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Operand;
import dev.hindsight.x86.Prefixes;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.RegisterKind;
import java.util.List;

/**
 * When MMX, SSE and AVX instructions may run (SDM volume 2, sections 2.4 and 2.5, and volume 3,
 * chapter 14).
 */
public final class VectorState {
  private static final long XCR0_SSE_AVX = 6;

  private VectorState() {}

  /**
   * Faults with #UD, #NM or #MF if the state of the CPU forbids the instruction. Which rules hold
   * is seen from its encoding and operands: VEX, MMX registers, or XMM registers.
   *
   * @return whether the instruction may go on; if not, it must return at once (see {@link
   *     MmxState#check})
   */
  public static boolean check(Vcpu cpu, Instruction in) {
    if (in.has(Prefixes.VEX)) {
      checkAvx(cpu);
      return true;
    }
    if (usesMmx(in)) {
      return MmxState.check(cpu, in);
    }
    checkSse(cpu);
    return true;
  }

  /** The rules of instructions with a VEX prefix on vector registers. */
  public static void checkAvx(Vcpu cpu) {
    ControlRegisters control = cpu.control();
    if (!control.cr4Has(ControlRegisters.CR4_OSXSAVE)
        || (control.xcr0() & XCR0_SSE_AVX) != XCR0_SSE_AVX
        || cpu.isRealOrVirtual8086()) {
      throw GuestFault.undefined();
    }
    checkTaskSwitched(control);
  }

  /** The rules of legacy SSE instructions. */
  public static void checkSse(Vcpu cpu) {
    ControlRegisters control = cpu.control();
    if (control.cr0Has(ControlRegisters.CR0_EM) || !control.cr4Has(ControlRegisters.CR4_OSFXSR)) {
      throw GuestFault.undefined();
    }
    checkTaskSwitched(control);
  }

  /**
   * The rules of instructions that have both an MMX and an XMM operand.
   *
   * @return whether the instruction may go on
   */
  public static boolean checkMmxAndSse(Vcpu cpu, Instruction in) {
    if (!cpu.control().cr4Has(ControlRegisters.CR4_OSFXSR)) {
      throw GuestFault.undefined();
    }
    return MmxState.check(cpu, in);
  }

  private static void checkTaskSwitched(ControlRegisters control) {
    if (control.cr0Has(ControlRegisters.CR0_TS)) {
      throw GuestFault.of(Vector.NM);
    }
  }

  private static boolean usesMmx(Instruction in) {
    List<Operand> operands = in.operands();
    return isMmx(operands.get(0)) || (operands.size() > 1 && isMmx(operands.get(1)));
  }

  /** Whether an operand is an MMX register. */
  public static boolean isMmx(Operand operand) {
    return operand instanceof Register r && r.kind() == RegisterKind.MMX;
  }
}
