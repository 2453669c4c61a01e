package dev.hindsight.cpu.instructions.general;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Stack;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;

/**
 * Instructions that read and write RFLAGS (SDM volume 1, section 7.3.13), with the rules of IOPL,
 * of virtual-8086 mode extensions (VME) and of protected-mode virtual interrupts (PVI; volume 3,
 * sections 21.3 and 21.4).
 */
final class FlagInstructions {
  /** What POPF may always change, besides IF and IOPL. */
  private static final int FREE_16 = Flags.ARITHMETIC | Flags.TF | Flags.DF | Flags.NT;

  /** What a 32-bit POPF may change in addition. */
  private static final int FREE_32 = FREE_16 | Flags.AC | Flags.ID;

  private static final int LAHF = Flags.SF | Flags.ZF | Flags.AF | Flags.PF | Flags.CF;

  private FlagInstructions() {}

  static void register(SemanticTable.Builder table) {
    table
        .add(Mnemonic.CLC, carry(false))
        .add(Mnemonic.STC, carry(true))
        .add(Mnemonic.CMC, (cpu, in) -> cpu.flags().cf(!cpu.flags().cf()))
        .add(Mnemonic.CLD, (cpu, in) -> cpu.flags().put(Flags.DF, false))
        .add(Mnemonic.STD, (cpu, in) -> cpu.flags().put(Flags.DF, true))
        .add(Mnemonic.CLI, FlagInstructions::cli)
        .add(Mnemonic.STI, FlagInstructions::sti)
        .add(Mnemonic.LAHF, FlagInstructions::lahf)
        .add(Mnemonic.SAHF, FlagInstructions::sahf)
        .add(Mnemonic.PUSHF, FlagInstructions::pushf)
        .add(Mnemonic.POPF, FlagInstructions::popf);
  }

  private static Semantic carry(boolean on) {
    return (cpu, in) -> cpu.flags().cf(on);
  }

  private static void lahf(Vcpu cpu, Instruction in) {
    int low = (cpu.flags().arithmetic() & LAHF) | Flags.FIXED;
    cpu.general().setHigh8(GeneralRegisters.RAX, low);
  }

  private static void sahf(Vcpu cpu, Instruction in) {
    int ah = cpu.general().getHigh8(GeneralRegisters.RAX);
    cpu.flags().arithmetic((ah & LAHF) | (cpu.flags().of() ? Flags.OF : 0));
  }

  /** Whether IF is within reach: in real mode, or with IOPL at or above CPL. */
  private static boolean mayChangeIf(Vcpu cpu) {
    return !cpu.isProtected() || cpu.flags().iopl() >= cpu.cpl();
  }

  /** Whether CLI and STI act on VIF where IF is out of reach. */
  private static boolean hasVirtualIf(Vcpu cpu) {
    return cpu.cpl() == 3
        && cpu.control()
            .cr4Has(cpu.isVirtual8086() ? ControlRegisters.CR4_VME : ControlRegisters.CR4_PVI);
  }

  private static void cli(Vcpu cpu, Instruction in) {
    if (mayChangeIf(cpu)) {
      cpu.flags().put(Flags.IF, false);
    } else if (hasVirtualIf(cpu)) {
      cpu.flags().put(Flags.VIF, false);
    } else {
      throw GuestFault.generalProtection(0);
    }
  }

  private static void sti(Vcpu cpu, Instruction in) {
    Flags f = cpu.flags();
    if (mayChangeIf(cpu)) {
      if (!f.is(Flags.IF)) {
        f.put(Flags.IF, true);
        cpu.events().shadowAfterSti();
        cpu.endBlock();
      }
    } else if (hasVirtualIf(cpu) && !f.is(Flags.VIP)) {
      f.put(Flags.VIF, true);
    } else {
      throw GuestFault.generalProtection(0);
    }
  }

  private static void pushf(Vcpu cpu, Instruction in) {
    int bits = in.operandBits();
    int image = cpu.flags().get() & ~(Flags.RF | Flags.VM);
    if (cpu.isVirtual8086() && cpu.flags().iopl() < 3) {
      if (bits != 16 || !cpu.control().cr4Has(ControlRegisters.CR4_VME)) {
        throw GuestFault.generalProtection(0);
      }
      image = (image & ~Flags.IF) | Flags.IOPL | (cpu.flags().is(Flags.VIF) ? Flags.IF : 0);
    }
    Stack.push(cpu, bits, image & 0xFFFF_FFFFL);
  }

  private static void popf(Vcpu cpu, Instruction in) {
    int bits = in.operandBits();
    Flags f = cpu.flags();
    int old = f.get();
    int changeable = bits == 16 ? FREE_16 : FREE_32;
    if (cpu.isVirtual8086()) {
      if (f.iopl() < 3) {
        popVirtualFlags(cpu, bits);
        return;
      }
      changeable |= Flags.IF;
    } else {
      if (mayChangeIf(cpu)) {
        changeable |= Flags.IF;
      }
      if (cpu.cpl() == 0) {
        changeable |= Flags.IOPL;
      }
    }
    int popped = (int) Stack.pop(cpu, bits);
    install(cpu, old, (old & ~changeable) | (popped & changeable));
  }

  /** POPF in virtual-8086 mode with IOPL below 3: IF of the image goes to VIF. */
  private static void popVirtualFlags(Vcpu cpu, int bits) {
    if (bits != 16 || !cpu.control().cr4Has(ControlRegisters.CR4_VME)) {
      throw GuestFault.generalProtection(0);
    }
    Flags f = cpu.flags();
    int popped = (int) Stack.peek(cpu, 16, 0);
    boolean wantsInterrupts = (popped & Flags.IF) != 0;
    if ((wantsInterrupts && f.is(Flags.VIP)) || (popped & Flags.TF) != 0) {
      throw GuestFault.generalProtection(0);
    }
    Stack.adjust(cpu, 2);
    int old = f.get();
    int image = (old & ~(FREE_16 | Flags.VIF)) | (popped & FREE_16);
    install(cpu, old, image | (wantsInterrupts ? Flags.VIF : 0));
  }

  private static void install(Vcpu cpu, int old, int image) {
    // RF is part of no image that POPF takes
    int now = image & ~Flags.RF;
    cpu.flags().set(now);
    int changed = old ^ now;
    if ((changed & Flags.AC) != 0) {
      cpu.updateMode();
    } else if ((changed & (Flags.IF | Flags.TF)) != 0) {
      cpu.endBlock();
    }
  }
}
