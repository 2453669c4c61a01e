package dev.hindsight.bench.timeline;

import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.abs;
import static dev.hindsight.x86.assembler.Arguments.offset;

import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;

/**
 * A Multiboot kernel that prints the time-stamp counter, which is the machine's tick, a hundred
 * times a virtual second on the first serial port, echoes what is typed, computes a little, and
 * sleeps. It never ends.
 */
final class ClockGuest {
  private static final int LOAD = 0x10_0000;
  private static final int MAGIC = 0x1BAD_B002;
  private static final int ADDRESSES = 1 << 16;
  private static final int SERIAL = 0x3F8;
  private static final int MASTER = 0x20;
  private static final int SLAVE = 0xA0;
  private static final int VECTOR = 0x20;
  private static final int INTERRUPT_GATE = 0x8E00;

  /** 1,193,182 Hz by 11,932 is a hundredth of a second, nearly. */
  private static final int DIVISOR = 11_932;

  /** Rounds of three instructions for each line. */
  private static final int ROUNDS = 3_000;

  private static final int STACK_BYTES = 1024;
  private static final int IDT_BYTES = (VECTOR + 1) * 8;

  private final Assembler a = new Assembler(CodeMode.BITS32, LOAD);
  private final Label start = a.label("start");
  private final Label end = a.label("end");
  private final Label stack = a.label("stack");
  private final Label timer = a.label("timer");
  private final Label printHex = a.label("printHex");
  private final Label idt = a.label("idt");
  private final Label idtPointer = a.label("idtPointer");
  private final Label scratch = a.label("scratch");

  private ClockGuest() {}

  /** The kernel's file. */
  static byte[] kernel() {
    return new ClockGuest().assemble();
  }

  private byte[] assemble() {
    Label header = a.here("header");
    a.doublewords(MAGIC, ADDRESSES, -(MAGIC + ADDRESSES));
    a.datum(offset(header), 4).datum(offset(header), 4).datum(offset(end), 4);
    a.datum(offset(end), 4).datum(offset(start), 4);
    a.bind(start).mov(ESP, offset(stack));
    installTimer();
    loop();
    routines();
    a.align(8).bind(idt).zeros(IDT_BYTES);
    a.bind(idtPointer).words(IDT_BYTES - 1).datum(offset(idt), 4);
    a.align(4).bind(scratch).zeros(4).zeros(STACK_BYTES).bind(stack).bind(end);
    return a.assemble();
  }

  private void installTimer() {
    int gate = VECTOR * 8;
    a.mov(EAX, offset(timer)).mov(abs(idt).plus(gate), AX).shr(EAX, 16);
    a.mov(abs(idt).plus(gate + 6), AX).mov(AX, CS).mov(abs(idt).plus(gate + 2), AX);
    a.mov(AX, INTERRUPT_GATE).mov(abs(idt).plus(gate + 4), AX).lidt(abs(idtPointer));
    for (int chip : new int[] {MASTER, SLAVE}) {
      write(chip, 0x11);
      write(chip + 1, chip == MASTER ? VECTOR : VECTOR + 8);
      write(chip + 1, chip == MASTER ? 1 << 2 : 2);
      write(chip + 1, 1);
      write(chip + 1, chip == MASTER ? 0xFE : 0xFF);
    }
    write(0x43, 0x34);
    write(0x40, DIVISOR & 0xFF);
    write(0x40, DIVISOR >> 8);
  }

  private void loop() {
    Label next = a.here("next");
    Label compute = a.label("compute");
    Label quiet = a.label("quiet");
    a.mov(ECX, ROUNDS).bind(compute).add(abs(scratch), ECX).dec(ECX).jne(compute);
    a.rdtsc().mov(EBX, EAX).mov(EAX, EDX).call(printHex).mov(EAX, EBX).call(printHex);
    a.mov(DX, SERIAL + 5).in(AL, DX).test(AL, 1).je(quiet);
    a.mov(DX, SERIAL).in(AL, DX).out(DX, AL);
    a.bind(quiet).mov(DX, SERIAL).mov(AL, '\n').out(DX, AL);
    a.sti().hlt().cli().jmp(next);
  }

  /** The interrupt handler, and what prints EAX in eight digits; EAX, ECX, EDX, ESI are lost. */
  private void routines() {
    Label digit = a.label("digit");
    Label decimal = a.label("decimal");
    a.bind(timer).push(EAX);
    write(MASTER, 0x20);
    a.pop(EAX).iret();
    a.bind(printHex).mov(DX, SERIAL).mov(ECX, 8).mov(ESI, EAX);
    a.bind(digit).rol(ESI, 4).mov(EAX, ESI).and(EAX, 15).add(AL, '0');
    a.cmp(AL, '9').jbe(decimal).add(AL, 'a' - '9' - 1);
    a.bind(decimal).out(DX, AL).loop(digit).ret();
  }

  private void write(int port, int value) {
    a.mov(AL, value).out(port, AL);
  }
}
