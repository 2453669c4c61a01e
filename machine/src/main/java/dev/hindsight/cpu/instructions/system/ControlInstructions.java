package dev.hindsight.cpu.instructions.system;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.DescriptorTableRegister;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.LinearMemory;
import dev.hindsight.cpu.Operands;
import dev.hindsight.cpu.SegmentedMemory;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;

/**
 * GDTR, IDTR, the machine status word, and invalidation (SDM volume 2). Translations are coherent
 * with memory here, so the invalidating instructions check what they must and do nothing.
 */
final class ControlInstructions {
  /** Bits of CR0 that LMSW can write: PE, MP, EM, TS; PE can only be set. */
  private static final int LMSW = 0xF;

  private ControlInstructions() {}

  static void register(SemanticTable.Builder table) {
    table
        .add(Mnemonic.LGDT, (cpu, in) -> load(cpu, in, cpu.gdtr()))
        .add(Mnemonic.LIDT, (cpu, in) -> load(cpu, in, cpu.idtr()))
        .add(Mnemonic.SGDT, (cpu, in) -> store(cpu, in, cpu.gdtr()))
        .add(Mnemonic.SIDT, (cpu, in) -> store(cpu, in, cpu.idtr()))
        .add(Mnemonic.SMSW, ControlInstructions::smsw)
        .add(Mnemonic.LMSW, ControlInstructions::lmsw)
        .add(Mnemonic.CLTS, ControlInstructions::clts)
        .add(Mnemonic.INVLPG, ControlInstructions::privileged)
        .add(Mnemonic.INVD, ControlInstructions::privileged)
        .add(Mnemonic.WBINVD, ControlInstructions::privileged)
        .add(Mnemonic.WBNOINVD, ControlInstructions::privileged)
        .add(Mnemonic.INVPCID, ControlInstructions::invpcid)
        .add(Mnemonic.RSM, ControlInstructions::undefined)
        .add(Mnemonic.VMCALL, ControlInstructions::undefined)
        .add(Mnemonic.VMMCALL, ControlInstructions::undefined);
  }

  /** RSM outside of system-management mode, which is absent, and calls of an absent hypervisor. */
  private static void undefined(Vcpu cpu, Instruction in) {
    throw GuestFault.undefined();
  }

  private static void privileged(Vcpu cpu, Instruction in) {
    ControlRegisterRules.requireSupervisor(cpu);
  }

  private static void requireUserModeInstructions(Vcpu cpu) {
    if (cpu.cpl() != 0 && cpu.control().cr4Has(ControlRegisters.CR4_UMIP)) {
      throw GuestFault.generalProtection(0);
    }
  }

  /** The base has 24 bits with a 16-bit operand size. */
  private static void load(Vcpu cpu, Instruction in, DescriptorTableRegister register) {
    ControlRegisterRules.requireSupervisor(cpu);
    int baseBytes = cpu.is64Bit() ? 8 : 4;
    long linear = cpu.segmented().readable((MemoryOperand) in.operand(0), 2 + baseBytes);
    cpu.memory().probeRead(linear, 2 + baseBytes);
    int limit = cpu.memory().read16(linear);
    long base = cpu.memory().read(second(cpu, linear), baseBytes);
    if (baseBytes == 4 && in.operandBits() == 16) {
      base &= 0xFF_FFFF;
    }
    if (!LinearMemory.isCanonical(base)) {
      throw GuestFault.generalProtection(0);
    }
    register.set(base, limit);
  }

  private static void store(Vcpu cpu, Instruction in, DescriptorTableRegister register) {
    requireUserModeInstructions(cpu);
    int baseBytes = cpu.is64Bit() ? 8 : 4;
    long linear = cpu.segmented().writable((MemoryOperand) in.operand(0), 2 + baseBytes);
    cpu.memory().probeWrite(linear, 2 + baseBytes);
    cpu.memory().write16(linear, register.limit());
    cpu.memory().write(second(cpu, linear), baseBytes, register.base());
  }

  private static long second(Vcpu cpu, long linear) {
    return SegmentedMemory.wrap(linear + 2, cpu.is64Bit() ? 64 : 32);
  }

  /** To memory SMSW stores 16 bits; to a register, as much of CR0 as the operand has. */
  private static void smsw(Vcpu cpu, Instruction in) {
    requireUserModeInstructions(cpu);
    Operands.write(cpu, in, 0, cpu.control().cr0() & 0xFFFF_FFFFL);
  }

  private static void lmsw(Vcpu cpu, Instruction in) {
    ControlRegisterRules.requireSupervisor(cpu);
    int value = (int) Operands.read(cpu, in, 0);
    int old = cpu.control().cr0();
    int next = (old & ~LMSW) | (value & LMSW) | (old & ControlRegisters.CR0_PE);
    ControlRegisterRules.writeCr0(cpu, next & 0xFFFF_FFFFL);
  }

  private static void clts(Vcpu cpu, Instruction in) {
    ControlRegisterRules.requireSupervisor(cpu);
    cpu.control().cr0(cpu.control().cr0() & ~ControlRegisters.CR0_TS);
    cpu.updateMode();
  }

  private static void invpcid(Vcpu cpu, Instruction in) {
    ControlRegisterRules.requireSupervisor(cpu);
    long type = Operands.read(cpu, in, 0);
    long linear = cpu.segmented().readable((MemoryOperand) in.operand(1), 16);
    cpu.memory().probeRead(linear, 16);
    long pcid = cpu.memory().read64(linear);
    long address = cpu.memory().read64(SegmentedMemory.wrap(linear + 8, cpu.is64Bit() ? 64 : 32));
    boolean namesPcid = type == 0 || type == 1;
    boolean pcids = cpu.control().cr4Has(ControlRegisters.CR4_PCIDE);
    if (Long.compareUnsigned(type, 3) > 0
        || pcid >>> 12 != 0
        || (namesPcid && !pcids && pcid != 0)
        || (type == 0 && !LinearMemory.isCanonical(address))) {
      throw GuestFault.generalProtection(0);
    }
  }
}
