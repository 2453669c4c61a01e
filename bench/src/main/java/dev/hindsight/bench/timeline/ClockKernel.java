package dev.hindsight.bench.timeline;

import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.abs;
import static dev.hindsight.x86.assembler.Arguments.offset;
import static dev.hindsight.x86.assembler.Arguments.ptr;

import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;

/**
 * A Multiboot kernel that prints the time-stamp counter, 16 hexadecimal digits a line, a hundred
 * times a virtual second, computes for a while after each, and never ends. So its console proves
 * how far virtual time has come.
 */
final class ClockKernel {
  private static final int LOAD = 0x10_0000;
  private static final int SERIAL = 0x3F8;
  private static final int VECTOR = 0x20;
  private static final int COUNT_FOR_100_HZ = 11_932;
  private static final int WORK = 20_000;

  private ClockKernel() {}

  /** The kernel's file. */
  static byte[] file() {
    int flags = 1 << 16; // the header has addresses
    Assembler a = new Assembler(CodeMode.BITS32, LOAD);
    Label header = a.here("header");
    Label start = a.label("start");
    Label handler = a.label("handler");
    Label table = a.label("table");
    Label pointer = a.label("pointer");
    Label stack = a.label("stack");
    a.doublewords(0x1BAD_B002, flags, -(0x1BAD_B002 + flags));
    a.datum(offset(header), 4).datum(offset(header), 4).doublewords(0, 0);
    a.datum(offset(start), 4);

    a.bind(start).mov(ESP, offset(stack));
    Label gate = a.label("gate");
    a.mov(EAX, offset(handler)).mov(EDI, offset(gate));
    a.mov(ptr(EDI).bytes(2), AX).mov(ECX, CS).mov(ptr(EDI, 2).bytes(2), CX);
    a.mov(ptr(EDI, 4).bytes(2), 0x8E00).shr(EAX, 16).mov(ptr(EDI, 6).bytes(2), AX);
    a.lidt(abs(pointer));
    interruptController(a);
    a.mov(AL, 0x34).out(0x43, AL).mov(AL, COUNT_FOR_100_HZ & 0xFF).out(0x40, AL);
    a.mov(AL, COUNT_FOR_100_HZ >> 8).out(0x40, AL).sti();

    Label forever = a.here("forever");
    Label print = a.label("print");
    Label work = a.label("work");
    a.hlt().rdtsc().mov(EBX, EAX).mov(EAX, EDX).call(print).mov(EAX, EBX).call(print);
    a.mov(DX, SERIAL).mov(AL, '\n').out(DX, AL);
    a.mov(ECX, WORK).bind(work).dec(ECX).jne(work).jmp(forever);

    Label digit = a.label("digit");
    Label decimal = a.label("decimal");
    a.bind(print).mov(ESI, EAX).mov(ECX, 8);
    a.bind(digit).rol(ESI, 4).mov(EAX, ESI).and(EAX, 15).add(AL, '0').cmp(AL, '9').jbe(decimal);
    a.add(AL, 'A' - '0' - 10).bind(decimal).mov(DX, SERIAL).out(DX, AL);
    a.dec(ECX).jne(digit).ret();

    a.bind(handler).push(EAX).mov(AL, 0x20).out(0x20, AL).pop(EAX).iret();
    a.align(8).bind(table).zeros(VECTOR * 8).bind(gate).zeros(8);
    a.bind(pointer).words(VECTOR * 8 + 7).datum(offset(table), 4);
    a.align(16).zeros(256).bind(stack);
    return a.assemble();
  }

  private static void interruptController(Assembler a) {
    a.mov(AL, 0x11).out(0x20, AL).mov(AL, VECTOR).out(0x21, AL).mov(AL, 4).out(0x21, AL);
    a.mov(AL, 1).out(0x21, AL).mov(AL, 0xFE).out(0x21, AL);
  }
}
