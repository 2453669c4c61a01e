package dev.hindsight.board.multiboot;

import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.offset;
import static dev.hindsight.x86.assembler.Arguments.ptr;

import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A Multiboot kernel that prints what it was given to the serial port and powers off. */
final class ToyKernel {
  static final long LOAD = 0x10_0000;

  /** Where the code is in an ELF file, as in memory behind {@link #LOAD}. */
  static final int CODE = 0x1000;

  private static final int SERIAL = 0x3F8;
  private static final int STACK_BYTES = 256;
  private static final int PAGE_ALIGN_AND_MEMORY = 3;
  private static final int ADDRESSES = 1 << 16;

  private final Assembler a = new Assembler(CodeMode.BITS32, LOAD + CODE);
  private final Label start = a.label("start");
  private final Label end = a.label("end");
  private final Label stack = a.label("stack");
  private final Label print = a.label("print");
  private final Label printHex = a.label("printHex");
  private final byte[] code;

  private ToyKernel(boolean addresses, int moreFlags) {
    int flags = PAGE_ALIGN_AND_MEMORY | moreFlags | (addresses ? ADDRESSES : 0);
    Label header = a.here("header");
    a.doublewords(0x1BAD_B002, flags, -(0x1BAD_B002 + flags));
    if (addresses) {
      a.datum(offset(header), 4).datum(offset(header), 4).datum(offset(end), 4);
      a.datum(offset(stack), 4).datum(offset(start), 4);
    }
    a.bind(start).mov(ESP, offset(stack)).mov(EBP, EBX);
    a.call(printHex);
    field("flags", 0);
    field("lower", 4);
    field("upper", 8);
    text("line", 16);
    text("loader", 64);
    modules();
    memoryMap();
    a.mov(DX, 0x604).mov(AX, 0x2000).out(DX, AX).hlt();
    routines();
    a.bind(end).bytes(0);
    // what follows is not in the file
    a.zeros(STACK_BYTES).bind(stack);
    byte[] all = a.assemble();
    int inFile = all.length - STACK_BYTES;
    code = Arrays.copyOf(all, inFile);
  }

  private void say(String text) {
    Label string = a.label(text);
    Label after = a.label(text + "After");
    a.jmp(after).bind(string).asciz(text).bind(after);
    a.mov(ESI, offset(string)).call(print);
  }

  private void field(String name, int offset) {
    say("\n" + name + " ");
    a.mov(EAX, ptr(EBP, offset)).call(printHex);
  }

  private void text(String name, int offset) {
    say("\n" + name + " ");
    a.mov(ESI, ptr(EBP, offset)).call(print);
  }

  /** Each module's string, size, and first four bytes. */
  private void modules() {
    Label next = a.label("nextModule");
    Label done = a.label("modulesDone");
    a.mov(EDI, ptr(EBP, 24)).mov(ECX, ptr(EBP, 20));
    a.bind(next).test(ECX, ECX).je(done);
    say("\nmodule ");
    a.mov(ESI, ptr(EDI, 8)).call(print);
    say(" bytes ");
    a.mov(EAX, ptr(EDI, 4)).sub(EAX, ptr(EDI)).call(printHex);
    say(" first ");
    a.mov(EAX, ptr(EDI)).mov(EAX, ptr(EAX)).call(printHex);
    say(" in page ");
    a.mov(EAX, ptr(EDI)).and(EAX, 0xFFF).call(printHex);
    a.add(EDI, 16).dec(ECX).jmp(next);
    a.bind(done);
  }

  private void memoryMap() {
    Label next = a.label("nextRange");
    Label done = a.label("rangesDone");
    a.mov(EDI, ptr(EBP, 48)).mov(ECX, EDI).add(ECX, ptr(EBP, 44));
    a.bind(next).cmp(EDI, ECX).jae(done);
    say("\nrange ");
    for (int offset : new int[] {8, 4, 16, 12, 20}) {
      a.mov(EAX, ptr(EDI, offset)).call(printHex);
    }
    a.mov(EAX, ptr(EDI)).lea(EDI, ptr(EDI, EAX, 1).plus(4)).jmp(next);
    a.bind(done);
    say("\n");
  }

  /** Prints the string at ESI, or EAX with eight digits; both keep all but EAX, EDX and ESI. */
  private void routines() {
    Label next = a.label("printNext");
    Label done = a.label("printDone");
    Label digit = a.label("digit");
    Label decimal = a.label("decimal");
    a.bind(print).mov(DX, SERIAL);
    a.bind(next).lods(1).test(AL, AL).je(done).out(DX, AL).jmp(next);
    a.bind(done).ret();
    a.bind(printHex).mov(DX, SERIAL).push(ECX).mov(ECX, 8).mov(ESI, EAX);
    a.bind(digit).rol(ESI, 4).mov(EAX, ESI).and(EAX, 15).add(AL, '0');
    a.cmp(AL, '9').jbe(decimal).add(AL, 'A' - '9' - 1);
    a.bind(decimal).out(DX, AL).loop(digit).pop(ECX).ret();
  }

  /** A file without a format, whose header has addresses. */
  static byte[] flat() {
    return new ToyKernel(true, 0).code;
  }

  /** An ELF file of 32 bits, linked at 3 GiB and loaded at 1 MiB. */
  static byte[] elf32() {
    return elf32(0);
  }

  /** An ELF file of 32 bits whose header has more flags. */
  static byte[] elf32(int moreFlags) {
    ToyKernel k = new ToyKernel(false, moreFlags);
    ByteBuffer f = file(k, 1, 3);
    long linear = 0xC000_0000L;
    f.putInt(24, (int) (linear + k.start.address()));
    f.putInt(28, 52).putShort(42, (short) 32).putShort(44, (short) 1);
    f.position(52);
    f.putInt(1).putInt(CODE).putInt((int) (linear + LOAD + CODE)).putInt((int) LOAD + CODE);
    f.putInt(k.code.length).putInt(k.code.length + STACK_BYTES).putInt(7).putInt(4096);
    return f.array();
  }

  /** An ELF file of 64 bits that is entered in 32-bit mode. */
  static byte[] elf64() {
    ToyKernel k = new ToyKernel(false, 0);
    ByteBuffer f = file(k, 2, 62);
    f.putLong(24, k.start.address());
    f.putLong(32, 64).putShort(54, (short) 56).putShort(56, (short) 1);
    f.position(64);
    f.putInt(1).putInt(7).putLong(CODE).putLong(LOAD + CODE).putLong(LOAD + CODE);
    f.putLong(k.code.length).putLong(k.code.length + STACK_BYTES).putLong(4096);
    return f.array();
  }

  private static ByteBuffer file(ToyKernel k, int fileClass, int machine) {
    ByteBuffer f = ByteBuffer.allocate(CODE + k.code.length).order(ByteOrder.LITTLE_ENDIAN);
    f.putInt(0, 0x464C_457F).put(4, (byte) fileClass).put(5, (byte) 1).put(6, (byte) 1);
    f.putShort(16, (short) 2).putShort(18, (short) machine).putInt(20, 1);
    f.put(CODE, k.code);
    return f;
  }
}
