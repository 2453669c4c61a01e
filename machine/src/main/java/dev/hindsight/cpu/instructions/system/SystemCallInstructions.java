package dev.hindsight.cpu.instructions.system;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.LinearMemory;
import dev.hindsight.cpu.ModelSpecificRegisters;
import dev.hindsight.cpu.SegmentRegister;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;

/**
 * Fast system calls, as Intel's processors do them: SYSCALL and SYSRET in 64-bit mode only,
 * SYSENTER and SYSEXIT in protected and IA-32e mode (SDM volume 2 and volume 3, section 5.8.7).
 */
public final class SystemCallInstructions {
  private static final int R11 = 11;

  private static final int CODE = 0x9B;
  private static final int DATA = 0x93;
  private static final int DPL3 = 0x60;
  private static final int FLAT_32 = SegmentRegister.GRANULAR | SegmentRegister.DEFAULT_BIG;
  private static final int FLAT_64 = SegmentRegister.GRANULAR | SegmentRegister.LONG;

  /** Flags that SYSRET takes from R11: all but RF, VM and the reserved ones. */
  public static final long SYSRET_FLAGS = 0x3C_7FD7L;

  private SystemCallInstructions() {}

  static void register(SemanticTable.Builder table) {
    table
        .add(Mnemonic.SYSCALL, SystemCallInstructions::syscall)
        .add(Mnemonic.SYSRET, SystemCallInstructions::sysret)
        .add(Mnemonic.SYSENTER, SystemCallInstructions::sysenter)
        .add(Mnemonic.SYSEXIT, SystemCallInstructions::sysexit);
  }

  private static void requireSyscallEnabled(Vcpu cpu) {
    if (!cpu.is64Bit() || !cpu.control().eferHas(ControlRegisters.EFER_SCE)) {
      throw GuestFault.undefined();
    }
  }

  private static void syscall(Vcpu cpu, Instruction in) {
    requireSyscallEnabled(cpu);
    GeneralRegisters r = cpu.general();
    ModelSpecificRegisters m = cpu.msrs();
    Flags f = cpu.flags();
    r.set64(GeneralRegisters.RCX, cpu.rip());
    r.set64(R11, f.get() & ~Flags.RF & 0xFFFF_FFFFL);
    f.set(f.get() & ~(int) m.get(ModelSpecificRegisters.FMASK) & ~Flags.RF);
    cpu.rip(m.get(ModelSpecificRegisters.LSTAR));
    enterSystem(cpu);
  }

  /** What SYSCALL does to segments and privilege level. */
  public static void enterSystem(Vcpu cpu) {
    int selector = (int) (cpu.msrs().get(ModelSpecificRegisters.STAR) >>> 32) & 0xFFFC;
    setFlat(cpu.cs(), selector, CODE, FLAT_64);
    setFlat(cpu.ss(), selector + 8, DATA, FLAT_32);
    cpu.cpl(0);
    cpu.updateMode();
  }

  private static void sysret(Vcpu cpu, Instruction in) {
    requireSyscallEnabled(cpu);
    ControlRegisterRules.requireSupervisor(cpu);
    GeneralRegisters r = cpu.general();
    boolean to64 = in.operandBits() == 64;
    long target = r.get64(GeneralRegisters.RCX);
    if (to64 && !LinearMemory.isCanonical(target)) {
      throw GuestFault.generalProtection(0);
    }
    cpu.rip(to64 ? target : target & 0xFFFF_FFFFL);
    cpu.flags().set((int) (r.get64(R11) & SYSRET_FLAGS));
    returnToUser(cpu, to64);
  }

  /** What SYSRET does to segments and privilege level. */
  public static void returnToUser(Vcpu cpu, boolean to64) {
    int base = (int) (cpu.msrs().get(ModelSpecificRegisters.STAR) >>> 48);
    setFlat(cpu.cs(), (to64 ? base + 16 : base) | 3, CODE | DPL3, to64 ? FLAT_64 : FLAT_32);
    setFlat(cpu.ss(), (base + 8) | 3, DATA | DPL3, FLAT_32);
    cpu.cpl(3);
    cpu.updateMode();
  }

  private static void sysenter(Vcpu cpu, Instruction in) {
    ModelSpecificRegisters m = cpu.msrs();
    int selector = (int) m.get(ModelSpecificRegisters.SYSENTER_CS) & 0xFFFC;
    if (!cpu.isProtected() || selector == 0) {
      throw GuestFault.generalProtection(0);
    }
    boolean isLong = cpu.isLongMode();
    long mask = isLong ? -1L : 0xFFFF_FFFFL;
    cpu.flags().put(Flags.VM | Flags.IF | Flags.RF, false);
    cpu.general().set64(GeneralRegisters.RSP, m.get(ModelSpecificRegisters.SYSENTER_ESP) & mask);
    cpu.rip(m.get(ModelSpecificRegisters.SYSENTER_EIP) & mask);
    setFlat(cpu.cs(), selector, CODE, isLong ? FLAT_64 : FLAT_32);
    setFlat(cpu.ss(), selector + 8, DATA, FLAT_32);
    cpu.cpl(0);
    cpu.updateMode();
  }

  private static void sysexit(Vcpu cpu, Instruction in) {
    int selector = (int) cpu.msrs().get(ModelSpecificRegisters.SYSENTER_CS) & 0xFFFC;
    if (!cpu.isProtected() || selector == 0 || cpu.cpl() != 0) {
      throw GuestFault.generalProtection(0);
    }
    GeneralRegisters r = cpu.general();
    boolean to64 = in.operandBits() == 64;
    long target = r.get64(GeneralRegisters.RDX);
    long stack = r.get64(GeneralRegisters.RCX);
    if (to64 && !(LinearMemory.isCanonical(target) && LinearMemory.isCanonical(stack))) {
      throw GuestFault.generalProtection(0);
    }
    long mask = to64 ? -1L : 0xFFFF_FFFFL;
    cpu.rip(target & mask);
    r.set64(GeneralRegisters.RSP, stack & mask);
    int code = selector + (to64 ? 32 : 16);
    setFlat(cpu.cs(), code | 3, CODE | DPL3, to64 ? FLAT_64 : FLAT_32);
    setFlat(cpu.ss(), (code + 8) | 3, DATA | DPL3, FLAT_32);
    cpu.cpl(3);
    cpu.updateMode();
  }

  private static void setFlat(SegmentRegister register, int selector, int access, int flags) {
    register.set(selector, 0, 0xFFFF_FFFFL, access, flags);
  }
}
