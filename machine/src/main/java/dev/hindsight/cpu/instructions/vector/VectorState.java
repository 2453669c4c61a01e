package dev.hindsight.cpu.instructions.vector;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.Vector;
import dev.hindsight.cpu.X87Registers;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Operand;
import dev.hindsight.x86.Prefixes;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.RegisterKind;
import java.util.List;

/**
 * When MMX, SSE and AVX instructions may run (SDM volume 2, sections 2.4 and 2.5, volume 3, chapter
 * 13), and the transition into MMX state.
 */
public final class VectorState {
  private static final long XCR0_SSE_AVX = 6;
  private static final int X87_ERROR_SUMMARY = 1 << 7;
  private static final int X87_TOP = 7 << 11;
  private static final int MMX_SIGN_EXPONENT = 0xFFFF;

  private VectorState() {}

  /**
   * Faults with #UD, #NM or #MF if the state of the CPU forbids the instruction. Which rules hold
   * is seen from its encoding and operands: VEX, MMX registers, or XMM registers.
   */
  public static void check(Vcpu cpu, Instruction in) {
    if (in.has(Prefixes.VEX)) {
      checkAvx(cpu);
    } else if (usesMmx(in)) {
      checkMmx(cpu);
    } else {
      checkSse(cpu);
    }
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

  /** The rules of instructions on MMX registers. */
  public static void checkMmx(Vcpu cpu) {
    ControlRegisters control = cpu.control();
    if (control.cr0Has(ControlRegisters.CR0_EM)) {
      throw GuestFault.undefined();
    }
    checkTaskSwitched(control);
    if ((cpu.x87().status() & X87_ERROR_SUMMARY) != 0) {
      throw GuestFault.of(Vector.MF);
    }
  }

  /** The rules of instructions that have both an MMX and an XMM operand. */
  public static void checkMmxAndSse(Vcpu cpu) {
    if (!cpu.control().cr4Has(ControlRegisters.CR4_OSFXSR)) {
      throw GuestFault.undefined();
    }
    checkMmx(cpu);
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

  /** What every MMX instruction but EMMS does to the x87 state: TOP is 0, all tags are valid. */
  public static void enterMmx(Vcpu cpu) {
    X87Registers x87 = cpu.x87();
    x87.status(x87.status() & ~X87_TOP);
    x87.emptyMask(0);
  }

  /** Writes an MMX register, entering MMX state. */
  public static void setMmx(Vcpu cpu, int register, long value) {
    enterMmx(cpu);
    cpu.x87().set(register, MMX_SIGN_EXPONENT, value);
  }
}
