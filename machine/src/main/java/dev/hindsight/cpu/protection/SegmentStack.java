package dev.hindsight.cpu.protection;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Stack;
import dev.hindsight.cpu.Vcpu;

/** PUSH and POP of segment registers (SDM volume 2, "PUSH" and "POP"). */
public final class SegmentStack {
  private static final int SS = 2;

  private SegmentStack() {}

  /** Pushes a selector, zero-extended to the operand size (16, 32 or 64 bits). */
  public static void push(Vcpu cpu, int segment, int operandBits) {
    Stack.push(cpu, operandBits, cpu.segment(segment).selector());
  }

  /** Pops a selector; the operand size tells how far the stack pointer moves. */
  public static void pop(Vcpu cpu, int segment, int operandBits) {
    int selector = (int) Stack.peek(cpu, operandBits, 0) & 0xFFFF;
    long before = cpu.general().get64(GeneralRegisters.RSP);
    // The pointer moves with the size of the old stack, also where SS itself is popped.
    Stack.adjust(cpu, operandBits / 8);
    try {
      SegmentLoader.load(cpu, segment, selector);
    } catch (GuestFault fault) {
      cpu.general().set64(GeneralRegisters.RSP, before);
      throw fault;
    }
    if (segment == SS) {
      cpu.events().shadowAfterMovSs();
    }
  }
}
