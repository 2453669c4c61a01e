package dev.hindsight.cli;

import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.offset;

import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;

/** Multiboot kernels that end soon, and print nothing. */
enum TinyKernel {
  /** Computes for some virtual milliseconds, and switches the machine off. */
  POWERS_OFF,
  /** Has an exception without anything that could take it. */
  CRASHES;

  /** Where the exception of {@link #CRASHES} happens. */
  static final int CRASH = 0x10_0100;

  private static final int LOAD = 0x10_0000;
  private static final int MAGIC = 0x1BAD_B002;
  private static final int ADDRESSES = 1 << 16;
  private static final int ROUNDS = 10_000;

  /** The kernel's file. */
  byte[] file() {
    Assembler a = new Assembler(CodeMode.BITS32, LOAD);
    Label start = a.label("start");
    Label end = a.label("end");
    Label header = a.here("header");
    a.doublewords(MAGIC, ADDRESSES, -(MAGIC + ADDRESSES));
    a.datum(offset(header), 4).datum(offset(header), 4).datum(offset(end), 4);
    a.datum(offset(end), 4).datum(offset(start), 4).bind(start);
    switch (this) {
      case POWERS_OFF -> {
        Label loop = a.label("loop");
        a.mov(ECX, ROUNDS).bind(loop).dec(ECX).jne(loop);
        a.mov(DX, 0x604).mov(AX, 0x2000).out(DX, AX).hlt();
      }
      case CRASHES -> a.mov(EAX, 0x1234_5678).org(CRASH, 0x90).bytes(0x0F, 0x0B);
    }
    return a.bind(end).assemble();
  }
}
