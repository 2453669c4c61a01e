package dev.hindsight.cpu.instructions.general;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Operands;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Stack;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.protection.SegmentStack;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.RegisterKind;

/** PUSH, POP, PUSHA, POPA, ENTER and LEAVE (SDM volume 1, sections 6.2 and 6.6). */
final class StackInstructions {
  private static final int SS = 2;
  private static final int PUSHA_REGISTERS = 8;

  private StackInstructions() {}

  static void register(SemanticTable.Builder table) {
    table
        .add(Mnemonic.PUSH, StackInstructions::push)
        .add(Mnemonic.POP, StackInstructions::pop)
        .add(Mnemonic.PUSHA, StackInstructions::pusha)
        .add(Mnemonic.POPA, StackInstructions::popa)
        .add(Mnemonic.ENTER, StackInstructions::enter)
        .add(Mnemonic.LEAVE, StackInstructions::leave);
  }

  private static void push(Vcpu cpu, Instruction in) {
    int bits = in.operandBits();
    if (in.operand(0) instanceof Register r && r.kind() == RegisterKind.SEGMENT) {
      SegmentStack.push(cpu, r.number(), bits);
    } else {
      Stack.push(cpu, bits, Operands.readSigned(cpu, in, 0));
    }
  }

  private static void pop(Vcpu cpu, Instruction in) {
    int bits = in.operandBits();
    if (in.operand(0) instanceof Register r && r.kind() == RegisterKind.SEGMENT) {
      SegmentStack.pop(cpu, r.number(), bits);
      return;
    }
    long value = Stack.peek(cpu, bits, 0);
    long before = cpu.general().get64(GeneralRegisters.RSP);
    Stack.adjust(cpu, bits / 8);
    if (in.operand(0) instanceof MemoryOperand) {
      // an address with RSP in it counts from the new one
      try {
        Operands.write(cpu, in, 0, value);
      } catch (GuestFault fault) {
        cpu.general().set64(GeneralRegisters.RSP, before);
        throw fault;
      }
    } else {
      Operands.write(cpu, in, 0, value);
    }
  }

  private static void pusha(Vcpu cpu, Instruction in) {
    int bits = in.operandBits();
    int bytes = bits / 8;
    long top = cpu.general().get64(GeneralRegisters.RSP);
    for (int i = 1; i <= PUSHA_REGISTERS; i++) {
      long slot = Stack.wrap(cpu, top - (long) i * bytes);
      cpu.memory().probeWrite(cpu.segmented().writable(SS, slot, bytes), bytes);
    }
    for (int n = 0; n < PUSHA_REGISTERS; n++) {
      Stack.push(cpu, bits, n == GeneralRegisters.RSP ? top : cpu.general().get64(n));
    }
  }

  private static void popa(Vcpu cpu, Instruction in) {
    int bits = in.operandBits();
    long[] values = new long[PUSHA_REGISTERS];
    for (int slot = 0; slot < PUSHA_REGISTERS; slot++) {
      values[PUSHA_REGISTERS - 1 - slot] = Stack.peek(cpu, bits, slot);
    }
    for (int n = 0; n < PUSHA_REGISTERS; n++) {
      if (n != GeneralRegisters.RSP) {
        cpu.general().set(n, bits, values[n]);
      }
    }
    Stack.adjust(cpu, PUSHA_REGISTERS * (bits / 8));
  }

  /**
   * ENTER. The stack pointer is written last, so that a page fault anywhere, the final stack
   * pointer's page included, leaves it alone; what was pushed below it until then is void.
   */
  private static void enter(Vcpu cpu, Instruction in) {
    int bits = in.operandBits();
    int bytes = bits / 8;
    long size = Operands.read(cpu, in, 0) & 0xFFFF;
    int level = (int) Operands.read(cpu, in, 1) & 31;
    GeneralRegisters r = cpu.general();
    long base = r.get64(GeneralRegisters.RBP);
    long frame = Stack.wrap(cpu, r.get64(GeneralRegisters.RSP) - bytes);
    long finalTop = Stack.wrap(cpu, frame - (long) level * bytes - size);
    store(cpu, frame, bytes, base);
    for (int i = 1; i < level; i++) {
      long from = Stack.wrap(cpu, base - (long) i * bytes);
      long link = cpu.memory().read(cpu.segmented().readable(SS, from, bytes), bytes);
      store(cpu, frame - (long) i * bytes, bytes, link);
    }
    if (level > 0) {
      store(cpu, frame - (long) level * bytes, bytes, frame);
    }
    cpu.memory().probeWrite(cpu.segmented().writable(SS, finalTop, bytes), bytes);
    r.set(GeneralRegisters.RBP, bits, frame);
    Stack.pointer(cpu, finalTop);
  }

  private static void store(Vcpu cpu, long offset, int bytes, long value) {
    long linear = cpu.segmented().writable(SS, Stack.wrap(cpu, offset), bytes);
    cpu.memory().write(linear, bytes, value);
  }

  private static void leave(Vcpu cpu, Instruction in) {
    int bits = in.operandBits();
    int bytes = bits / 8;
    long frame = Stack.wrap(cpu, cpu.general().get64(GeneralRegisters.RBP));
    long value = cpu.memory().read(cpu.segmented().readable(SS, frame, bytes), bytes);
    Stack.pointer(cpu, Stack.wrap(cpu, frame + bytes));
    cpu.general().set(GeneralRegisters.RBP, bits, value);
  }
}
