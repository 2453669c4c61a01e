package dev.hindsight.cpu.instructions.system;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.DebugRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.Vector;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.RegisterKind;

/** MOV from and to control and debug registers (SDM volume 2, "MOV"). */
public final class RegisterMoves {
  /** DR6.BD: the instruction would have accessed a debug register while DR7.GD was set. */
  private static final int DR6_BD = 1 << 13;

  private static final int DR7_GD = 1 << 13;

  /** B0 to B3, BD, BS, BT. */
  private static final int DR6_WRITABLE = 0xE00F;

  /** L0 to G3, LE, GE, GD, R/W0 to LEN3. */
  private static final int DR7_WRITABLE = 0xFFFF_23FF;

  private RegisterMoves() {}

  /** Value of a control or debug register. */
  public static long read(Vcpu cpu, Register register) {
    return register.kind() == RegisterKind.CONTROL
        ? readControl(cpu, register.number())
        : readDebug(cpu, register.number());
  }

  /** Writes a control or debug register, with all that this entails. */
  public static void write(Vcpu cpu, Register register, long value) {
    if (register.kind() == RegisterKind.CONTROL) {
      writeControl(cpu, register.number(), value);
    } else {
      writeDebug(cpu, register.number(), value);
    }
  }

  private static long readControl(Vcpu cpu, int n) {
    ControlRegisters c = cpu.control();
    requireControlRegister(n);
    ControlRegisterRules.requireSupervisor(cpu);
    return switch (n) {
      case 0 -> c.cr0() & 0xFFFF_FFFFL;
      case 2 -> c.cr2();
      case 3 -> c.cr3();
      case 4 -> c.cr4() & 0xFFFF_FFFFL;
      default -> cpu.interrupts().taskPriority();
    };
  }

  private static void writeControl(Vcpu cpu, int n, long value) {
    requireControlRegister(n);
    ControlRegisterRules.requireSupervisor(cpu);
    switch (n) {
      case 0 -> ControlRegisterRules.writeCr0(cpu, value);
      case 2 -> cpu.control().cr2(value);
      case 3 -> ControlRegisterRules.writeCr3(cpu, value);
      case 4 -> ControlRegisterRules.writeCr4(cpu, value);
      default -> {
        if (value >>> 4 != 0) {
          throw GuestFault.generalProtection(0);
        }
        cpu.interrupts().taskPriority((int) value);
        cpu.endBlock();
      }
    }
  }

  /** The decoder lets CR8 through in 64-bit mode only. */
  private static void requireControlRegister(int n) {
    if (n != 0 && n != 2 && n != 3 && n != 4 && n != 8) {
      throw GuestFault.undefined();
    }
  }

  /** DR4 and DR5 are DR6 and DR7 unless CR4.DE is set; DR8 to DR15 do not exist. */
  private static int debugRegister(Vcpu cpu, int n) {
    if (n > 7 || ((n == 4 || n == 5) && cpu.control().cr4Has(ControlRegisters.CR4_DE))) {
      throw GuestFault.undefined();
    }
    ControlRegisterRules.requireSupervisor(cpu);
    DebugRegisters d = cpu.debug();
    if ((d.dr7() & DR7_GD) != 0) {
      d.dr6(d.dr6() | DR6_BD);
      d.dr7(d.dr7() & ~DR7_GD);
      throw GuestFault.of(Vector.DB);
    }
    return n == 4 || n == 5 ? n + 2 : n;
  }

  private static long readDebug(Vcpu cpu, int n) {
    int register = debugRegister(cpu, n);
    DebugRegisters d = cpu.debug();
    return switch (register) {
      case 6 -> d.dr6() & 0xFFFF_FFFFL;
      case 7 -> d.dr7() & 0xFFFF_FFFFL;
      default -> d.address(register);
    };
  }

  private static void writeDebug(Vcpu cpu, int n, long value) {
    int register = debugRegister(cpu, n);
    DebugRegisters d = cpu.debug();
    if (register < 4) {
      d.address(register, value);
    } else {
      if (value >>> 32 != 0) {
        throw GuestFault.generalProtection(0);
      }
      if (register == 6) {
        d.dr6(((int) value & DR6_WRITABLE) | DebugRegisters.DR6_FIXED);
      } else {
        d.dr7(((int) value & DR7_WRITABLE) | DebugRegisters.DR7_FIXED);
      }
    }
    cpu.updateMode();
  }
}
