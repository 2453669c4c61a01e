package dev.hindsight.cpu.instructions.general;

import dev.hindsight.cpu.Activity;
import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Operands;
import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Stack;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.Vector;
import dev.hindsight.cpu.protection.NearBranch;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.RelativeOperand;

/** Near branches, loops, BOUND, HLT and the opcodes that are there to fault (section 7.3.8). */
final class ControlTransferInstructions {
  private ControlTransferInstructions() {}

  static void register(SemanticTable.Builder table) {
    for (int code = 0; code < 16; code++) {
      table.add(Conditions.mnemonic(Mnemonic.JO, code), conditionalJump(code));
    }
    table
        .add(Mnemonic.JMP, (cpu, in) -> cpu.rip(target(cpu, in)))
        .add(Mnemonic.CALL, ControlTransferInstructions::call)
        .add(Mnemonic.RET, ControlTransferInstructions::ret)
        .add(Mnemonic.JCXZ, ControlTransferInstructions::jumpIfCountIsZero)
        .add(Mnemonic.JECXZ, ControlTransferInstructions::jumpIfCountIsZero)
        .add(Mnemonic.JRCXZ, ControlTransferInstructions::jumpIfCountIsZero)
        .add(Mnemonic.LOOP, ControlTransferInstructions::loop)
        .add(Mnemonic.LOOPE, ControlTransferInstructions::loop)
        .add(Mnemonic.LOOPNE, ControlTransferInstructions::loop)
        .add(Mnemonic.BOUND, ControlTransferInstructions::bound)
        .add(Mnemonic.HLT, ControlTransferInstructions::hlt)
        .add(Mnemonic.NOP, (cpu, in) -> {})
        .add(Mnemonic.PAUSE, (cpu, in) -> {})
        .add(Mnemonic.ENDBR32, (cpu, in) -> {})
        .add(Mnemonic.ENDBR64, (cpu, in) -> {})
        .add(Mnemonic.UD0, ControlTransferInstructions::undefined)
        .add(Mnemonic.UD1, ControlTransferInstructions::undefined)
        .add(Mnemonic.UD2, ControlTransferInstructions::undefined);
  }

  /** The checked target of a direct or indirect branch. */
  private static long target(Vcpu cpu, Instruction in) {
    if (in.operand(0) instanceof RelativeOperand relative) {
      return NearBranch.check(cpu, cpu.rip() + relative.displacement(), relative.bits());
    }
    return NearBranch.check(cpu, Operands.read(cpu, in, 0), in.operandBits());
  }

  private static Semantic conditionalJump(int code) {
    return (cpu, in) -> {
      if (cpu.flags().condition(code)) {
        cpu.rip(target(cpu, in));
      }
    };
  }

  private static void call(Vcpu cpu, Instruction in) {
    long target = target(cpu, in);
    Stack.push(cpu, in.operandBits(), cpu.rip());
    cpu.rip(target);
  }

  private static void ret(Vcpu cpu, Instruction in) {
    int bits = in.operandBits();
    long target = NearBranch.check(cpu, Stack.peek(cpu, bits, 0), bits);
    long release = in.operands().isEmpty() ? 0 : Operands.read(cpu, in, 0) & 0xFFFF;
    Stack.adjust(cpu, bits / 8 + release);
    cpu.rip(target);
  }

  private static void jumpIfCountIsZero(Vcpu cpu, Instruction in) {
    if (cpu.general().get(GeneralRegisters.RCX, in.addressBits()) == 0) {
      cpu.rip(target(cpu, in));
    }
  }

  private static void loop(Vcpu cpu, Instruction in) {
    int bits = in.addressBits();
    long count = cpu.general().get(GeneralRegisters.RCX, bits) - 1;
    boolean taken =
        (count << (64 - bits)) != 0
            && switch (in.mnemonic()) {
              case LOOPE -> cpu.flags().zf();
              case LOOPNE -> !cpu.flags().zf();
              default -> true;
            };
    long next = taken ? target(cpu, in) : cpu.rip();
    cpu.general().set(GeneralRegisters.RCX, bits, count);
    cpu.rip(next);
  }

  private static void bound(Vcpu cpu, Instruction in) {
    int bits = in.bits(0);
    int bytes = bits / 8;
    int shift = 64 - bits;
    long linear = cpu.segmented().readable((MemoryOperand) in.operand(1), 2 * bytes);
    long lower = (cpu.memory().read(linear, bytes) << shift) >> shift;
    long upper = (cpu.memory().read((linear + bytes) & 0xFFFF_FFFFL, bytes) << shift) >> shift;
    long index = Operands.readSigned(cpu, in, 0);
    if (index < lower || index > upper) {
      throw GuestFault.of(Vector.BR);
    }
  }

  private static void hlt(Vcpu cpu, Instruction in) {
    if (cpu.cpl() != 0) {
      throw GuestFault.generalProtection(0);
    }
    cpu.addressMonitor().disarm();
    cpu.activity(Activity.HALTED);
  }

  private static void undefined(Vcpu cpu, Instruction in) {
    throw GuestFault.undefined();
  }
}
