package dev.hindsight.cli;

import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.abs;
import static dev.hindsight.x86.assembler.Arguments.offset;
import static dev.hindsight.x86.assembler.Arguments.ptr;

import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;
import java.util.function.Consumer;

/** Multiboot kernels of a few instructions. */
final class TinyKernel {
  private static final int LOAD = 0x10_0000;
  private static final int SERIAL = 0x3F8;
  private static final int STACK = 0x18_0000;

  /** Where {@link #counts} counts. */
  static final int COUNTER = 0x20_0000;

  private TinyKernel() {}

  /** A kernel that prints "ok" and switches the machine off. */
  static byte[] powersOff() {
    return of(a -> print(a).mov(DX, 0x604).mov(AX, 0x2000).out(DX, AX).hlt());
  }

  /** A kernel that writes 1, 2 and 3 to address 200000h, and switches the machine off. */
  static byte[] stores() {
    return of(a -> {
      a.xor(EAX, EAX);
      for (int i = 0; i < 3; i++) {
        a.inc(EAX).mov(abs(0x20_0000), EAX);
      }
      a.mov(DX, 0x604).mov(AX, 0x2000).out(DX, AX).hlt();
    });
  }

  /** A kernel that asks which CPU it is on, and switches the machine off. */
  static byte[] identifies() {
    return of(a -> {
      a.mov(EAX, 1).cpuid().mov(DX, 0x604).mov(AX, 0x2000).out(DX, AX).hlt();
    });
  }

  /** A kernel that prints "ok" and then has a fault without a table of handlers. */
  static byte[] tripleFaults() {
    return of(a -> {
      Label table = a.label("table");
      print(a).lidt(abs(table)).ud2();
      a.align(8).bind(table).zeros(6);
    });
  }

  /** A kernel that prints "ok" and resets the machine. */
  static byte[] resets() {
    return of(a -> print(a).mov(DX, 0xCF9).mov(AL, 6).out(DX, AL).hlt());
  }

  /** A kernel that never ends. */
  static byte[] spins() {
    return of(a -> a.jmp(a.here("spin")));
  }

  /** A kernel that sleeps while the 8254 counts, eighteen times a virtual second. */
  static byte[] sleeps() {
    return of(a -> {
      print(a).mov(AL, 0x34).out(0x43, AL).xor(EAX, EAX).out(0x40, AL).out(0x40, AL);
      Label sleep = a.here("sleep");
      a.hlt().jmp(sleep);
    });
  }

  /** A kernel that calls a function a hundred times, which counts in memory, and powers off. */
  static byte[] counts() {
    return of(a -> {
      Label function = a.label("function");
      a.mov(ESP, STACK).mov(ECX, 100);
      Label again = a.here("again");
      a.call(function).dec(ECX).jne(again);
      a.mov(DX, 0x604).mov(AX, 0x2000).out(DX, AX).hlt();
      a.bind(function).mov(EBX, COUNTER).mov(EAX, ptr(EBX)).inc(EAX).mov(ptr(EBX), EAX).ret();
    });
  }

  private static Assembler print(Assembler a) {
    return a.mov(DX, SERIAL)
        .mov(AL, 'o')
        .out(DX, AL)
        .mov(AL, 'k')
        .out(DX, AL)
        .mov(AL, 10)
        .out(DX, AL);
  }

  private static byte[] of(Consumer<Assembler> code) {
    int flags = 1 << 16; // the header has addresses
    Assembler a = new Assembler(CodeMode.BITS32, LOAD);
    Label header = a.here("header");
    Label start = a.label("start");
    a.doublewords(0x1BAD_B002, flags, -(0x1BAD_B002 + flags));
    a.datum(offset(header), 4).datum(offset(header), 4).doublewords(0, 0);
    a.datum(offset(start), 4).bind(start);
    code.accept(a);
    return a.assemble();
  }
}
