package dev.hindsight.board.builtin;

import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.abs;

import dev.hindsight.x86.assembler.Assembler;

/** Writes to the kernel's memory at once, and should not live to see the next instruction. */
final class TrespasserTask {
  private final Assembler a;
  private final UserRuntime runtime;

  TrespasserTask(Assembler a, UserRuntime runtime) {
    this.a = a;
    this.runtime = runtime;
  }

  void code() {
    a.mov(abs(KernelData.IDT), RAX).jmp(runtime.wrong());
  }
}
