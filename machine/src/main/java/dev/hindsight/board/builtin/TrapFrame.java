package dev.hindsight.board.builtin;

import static dev.hindsight.x86.Register.*;

import dev.hindsight.x86.Register;
import dev.hindsight.x86.assembler.Assembler;
import java.util.List;

/** What the kernel's entries leave on the stack: general registers, vector, error code, return. */
final class TrapFrame {
  private static final List<Register> PUSHED =
      List.of(RAX, RCX, RDX, RBX, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15);

  static final int RDI_SLOT = slot(RDI);
  static final int RSI_SLOT = slot(RSI);
  static final int RAX_SLOT = slot(RAX);
  static final int VECTOR = PUSHED.size() * 8;
  static final int ERROR_CODE = VECTOR + 8;
  static final int RIP = VECTOR + 16;
  static final int CS_SLOT = VECTOR + 24;

  private TrapFrame() {}

  private static int slot(Register register) {
    return (PUSHED.size() - 1 - PUSHED.indexOf(register)) * 8;
  }

  static void pushRegisters(Assembler a) {
    PUSHED.forEach(a::push);
  }

  static void popRegisters(Assembler a) {
    PUSHED.reversed().forEach(a::pop);
  }
}
