package dev.hindsight.bench.guest;

import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.abs;
import static dev.hindsight.x86.assembler.Arguments.far;
import static dev.hindsight.x86.assembler.Arguments.offset;
import static dev.hindsight.x86.assembler.Arguments.ptr;

import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;
import java.nio.charset.StandardCharsets;

/**
 * A Multiboot kernel that runs the loops of {@link Loop} one after another, with paging (one page
 * of 4 MiB) and all interrupts masked at their controllers, and tells the serial port what it does
 * ({@link Console}). At the end it says {@code @done} and halts.
 *
 * <p>Each loop is ADD; load; CMP; JE over an array of zeros until the value that ends it, with
 * instructions of its own before. It runs first without being measured.
 */
final class BogostiKernel {
  private static final int LOAD = 0x10_0000;
  private static final int SERIAL = 0x3F8;
  private static final int LINE_STATUS = SERIAL + 5;
  private static final int HOLDING_EMPTY = 1 << 5;
  private static final int UNUSED_PORT = 0x80;
  private static final int VECTOR = 0x30;
  private static final int LARGE_PAGES = 1 << 4;
  private static final int PAGING = 1 << 31;
  private static final int LARGE_PAGE = 0x83; // present, writable, of 4 MiB, at 0
  private static final int CODE = 0x08;
  private static final int DATA = 0x10;
  private static final long FLAT_CODE = 0x00CF_9A00_0000_FFFFL;
  private static final long FLAT_DATA = 0x00CF_9200_0000_FFFFL;

  /** Zeros in the array, so that this many and one iterations are one round. */
  private static final int ZEROS = 4095;

  /** What is between the iterations of a loop. */
  enum Loop {
    /** Nothing. */
    PLAIN("(nothing)", 80_000_000),
    /** The loop of VMware's experiment. */
    STI("STI", 80_000_000),
    /** CLI and STI. */
    CLI_STI("CLI; STI", 40_000_000),
    /** A software interrupt whose handler returns at once. */
    INT_IRET("INT; IRET", 8_000_000),
    /** A read of a port without a device. */
    IN("IN", 10_000_000),
    /** ES is loaded. */
    SEGMENT("MOV ES", 40_000_000);

    private final String text;
    private final int iterations;

    Loop(String text, int iterations) {
      this.text = text;
      this.iterations = iterations;
    }

    /** Its instructions before ADD. */
    String text() {
      return text;
    }

    /** How often it goes round its array. */
    int rounds(double scale) {
      return (int) Math.max(1, Math.round(iterations * scale / (ZEROS + 1)));
    }

    /**
     * How often it goes round before it is measured: by then code is translated, and what executes
     * the rest is compiled.
     */
    int warmUpRounds(double scale) {
      return Math.max(1, rounds(scale) / 2);
    }

    /** How many iterations that are. */
    long iterations(double scale) {
      return (long) rounds(scale) * (ZEROS + 1);
    }

    private void emit(Assembler a) {
      switch (this) {
        case PLAIN -> {}
        case STI -> a.sti();
        case CLI_STI -> a.cli().sti();
        case INT_IRET -> a.interrupt(VECTOR);
        case IN -> a.in(AL, UNUSED_PORT);
        case SEGMENT -> a.mov(ES, DX);
      }
    }
  }

  private final Assembler a = new Assembler(CodeMode.BITS32, LOAD);
  private final Label header = a.here("header");
  private final Label start = a.label("start");
  private final Label print = a.label("print");
  private final Label handler = a.label("handler");
  private final Label descriptors = a.label("descriptors");
  private final Label descriptorsPointer = a.label("descriptors pointer");
  private final Label gates = a.label("gates");
  private final Label gate = a.label("gate");
  private final Label gatesPointer = a.label("gates pointer");
  private final Label directory = a.label("page directory");
  private final Label array = a.label("array");
  private final Label stack = a.label("stack");

  private BogostiKernel() {}

  /**
   * The kernel's file.
   *
   * @param scale factor of all numbers of iterations
   */
  static byte[] file(double scale) {
    return new BogostiKernel().assemble(scale);
  }

  private byte[] assemble(double scale) {
    int flags = 1 << 16; // the header has addresses
    a.doublewords(0x1BAD_B002, flags, -(0x1BAD_B002 + flags));
    a.datum(offset(header), 4).datum(offset(header), 4).doublewords(0, 0);
    a.datum(offset(start), 4);
    a.bind(start).mov(ESP, offset(stack));
    setUp();
    for (Loop loop : Loop.values()) {
      loop(loop, scale);
    }
    say("@done\n");
    a.cli().hlt();
    printer();
    a.bind(handler).iret();
    data();
    return a.assemble();
  }

  private void setUp() {
    Label reloaded = a.label("reloaded");
    a.lgdt(abs(descriptorsPointer)).jmpf(far(CODE, reloaded, 32)).bind(reloaded);
    a.mov(EDX, DATA).mov(DS, DX).mov(ES, DX).mov(SS, DX);
    a.mov(AL, 0xFF).out(0x21, AL).out(0xA1, AL);
    a.mov(EAX, offset(handler)).mov(EDI, offset(gate));
    a.mov(ptr(EDI).bytes(2), AX).mov(ptr(EDI, 2).bytes(2), CODE);
    a.mov(ptr(EDI, 4).bytes(2), 0x8E00).shr(EAX, 16).mov(ptr(EDI, 6).bytes(2), AX);
    a.lidt(abs(gatesPointer));
    a.mov(EAX, CR4).or(EAX, LARGE_PAGES).mov(CR4, EAX);
    a.mov(EAX, offset(directory)).mov(CR3, EAX);
    a.mov(EAX, CR0).or(EAX, PAGING).mov(CR0, EAX);
  }

  private void loop(Loop loop, double scale) {
    Label body = a.label(loop + " body");
    Label after = a.label(loop + " after");
    a.mov(ECX, loop.warmUpRounds(scale)).call(body);
    say("@begin " + loop + "\n");
    a.mov(ECX, loop.rounds(scale)).call(body);
    say("\n@end " + loop + " done\n");
    a.jmp(after);
    body(loop, body);
    a.bind(after);
  }

  /** A function that goes round the array ECX times. */
  private void body(Loop loop, Label body) {
    Label round = a.label(loop + " round");
    Label again = a.label(loop + " again");
    Label end = a.label(loop + " end");
    a.bind(body).xor(EBX, EBX).mov(EDX, DATA).jmp(round);
    a.align(16).bind(again); // zeros, which nobody executes
    loop.emit(a);
    a.add(EDI, 4).mov(EAX, ptr(EDI)).cmp(EAX, EBX).je(again);
    a.dec(ECX).je(end);
    a.bind(round).mov(EDI, offset(array)).sub(EDI, 4).jmp(again).bind(end).ret();
  }

  private void say(String text) {
    Label after = a.label("after");
    Label bytes = a.label("text");
    a.mov(ESI, offset(bytes)).call(print).jmp(after).bind(bytes);
    a.bytes(text.getBytes(StandardCharsets.US_ASCII)).bytes(0).bind(after);
  }

  /** Sends what ESI points to, to a zero; each byte when the last one has left. */
  private void printer() {
    Label done = a.label("done");
    Label wait = a.label("wait");
    a.bind(print).mov(BL, ptr(ESI)).cmp(BL, 0).je(done);
    a.mov(EDX, LINE_STATUS).bind(wait).in(AL, DX).test(AL, HOLDING_EMPTY).je(wait);
    a.mov(EDX, SERIAL).mov(AL, BL).out(DX, AL).inc(ESI).jmp(print);
    a.bind(done).ret();
  }

  private void data() {
    a.align(8).bind(descriptors).quadwords(0, FLAT_CODE, FLAT_DATA);
    a.bind(descriptorsPointer).words(3 * 8 - 1).datum(offset(descriptors), 4);
    a.align(8).bind(gates).zeros(VECTOR * 8).bind(gate).zeros(8);
    a.bind(gatesPointer).words(VECTOR * 8 + 7).datum(offset(gates), 4);
    a.align(4096).bind(directory).doublewords(LARGE_PAGE).zeros(4092);
    a.align(64).bind(array).zeros(4 * ZEROS).doublewords(1);
    a.align(16).zeros(256).bind(stack);
  }
}
