package dev.hindsight.board.builtin;

import static dev.hindsight.board.builtin.MemoryLayout.BOOT_PML4;
import static dev.hindsight.board.builtin.MemoryLayout.BOOT_STACK;
import static dev.hindsight.board.builtin.MemoryLayout.DIRECTORY_32;
import static dev.hindsight.board.builtin.MemoryLayout.KERNEL;
import static dev.hindsight.board.builtin.MemoryLayout.KERNEL_DATA;
import static dev.hindsight.board.builtin.MemoryLayout.KERNEL_DATA_BYTES;
import static dev.hindsight.board.builtin.MemoryLayout.PDPT_HIGH;
import static dev.hindsight.board.builtin.MemoryLayout.PDPT_LOW;
import static dev.hindsight.board.builtin.MemoryLayout.PD_LOW;
import static dev.hindsight.board.builtin.MemoryLayout.PD_TOP;
import static dev.hindsight.board.builtin.MemoryLayout.PML4;
import static dev.hindsight.board.builtin.MemoryLayout.ROM;
import static dev.hindsight.board.builtin.MemoryLayout.ROM_BYTES;
import static dev.hindsight.board.builtin.MemoryLayout.SCRATCH;
import static dev.hindsight.board.builtin.MemoryLayout.TABLES;
import static dev.hindsight.board.builtin.MemoryLayout.TABLES_BYTES;
import static dev.hindsight.board.builtin.MemoryLayout.TRAMPOLINE;
import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.abs;
import static dev.hindsight.x86.assembler.Arguments.far;
import static dev.hindsight.x86.assembler.Arguments.offset;
import static dev.hindsight.x86.assembler.Arguments.ptr;

import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;

/**
 * The firmware: from the reset vector through real and protected mode, with a short time of 32-bit
 * paging, into long mode and the kernel. Application processors come the same way from their
 * trampoline on.
 */
final class BootRom {
  private static final int CODE_32 = 0x08;
  private static final int DATA_32 = 0x10;
  private static final int CODE_64 = 0x18;
  private static final int GREETING = 0x40;
  private static final int EFER = 0xC000_0080;

  private final Assembler a = new Assembler(CodeMode.BITS16, ROM);
  private final Kernel kernel;
  private final byte[] kernelImage;
  private final Label kernelBytes = a.label("kernelBytes");
  private final Label gdtPointer = a.label("bootGdtPointer");
  private final Label trampoline = a.label("trampoline");
  private final Label trampolineEnd = a.label("trampolineEnd");
  private final Label protectedMode = a.label("protectedMode");
  private final Label applicationProcessor = a.label("applicationProcessor");
  private final Label enterLongMode = a.label("enterLongMode");
  private final Label say16 = a.label("say16");
  private final Label say32 = a.label("say32");

  BootRom(Kernel kernel) {
    this.kernel = kernel;
    this.kernelImage = kernel.assemble();
  }

  byte[] assemble() {
    Label start = a.label("start");
    a.segmentBase(ROM);
    realMode(start);
    trampoline();
    a.segmentBase(0).mode(CodeMode.BITS32);
    protectedMode();
    longMode();
    tables();
    a.align(16).bind(kernelBytes).bytes(kernelImage);
    a.mode(CodeMode.BITS16).org(ROM + ROM_BYTES - 16, 0xFF).segmentBase(ROM);
    a.jmpf(far(ROM >> 4, start, 16));
    a.org(ROM + ROM_BYTES, 0xFF);
    return a.assemble();
  }

  private void realMode(Label start) {
    Label greet = a.label("greet");
    Label text = a.label("realText");
    a.bind(start);
    a.cli().cld();
    a.xor(AX, AX).mov(DS, AX).mov(ES, AX).mov(SS, AX).mov(SP, BOOT_STACK);
    // The fast A20 gate.
    a.in(AL, 0x92).or(AL, 2).and(AL, 0xFE).out(0x92, AL);
    Uart.initialize(a);
    requireLongMode();
    // A software interrupt through the vector table at address 0.
    a.mov(abs(GREETING * 4).bytes(2), offset(greet));
    a.mov(abs(GREETING * 4 + 2).bytes(2), CS);
    a.interrupt(GREETING);
    a.push(CS).pop(DS);
    a.mov(SI, offset(trampoline)).mov(DI, TRAMPOLINE).mov(CX, offset(trampolineEnd));
    a.sub(CX, SI).rep().movs(1);
    a.operandSize(32).lgdt(abs(gdtPointer).segment(CS));
    a.mov(EAX, CR0).or(AL, 1).mov(CR0, EAX);
    a.segmentBase(0).jmpf(far(CODE_32, protectedMode, 32)).segmentBase(ROM);

    a.bind(greet).mov(SI, offset(text)).push(CS).pop(DS).call(say16).iret();
    a.bind(text).asciz("real ");
    say(say16);
  }

  /** CPUID tells of long mode; without it, says so and powers off. */
  private void requireLongMode() {
    Label refuse = a.label("refuse");
    Label next = a.label("refusalNext");
    Label wait = a.label("refusalWait");
    Label quiet = a.label("refusalQuiet");
    Label halted = a.label("refusalHalted");
    Label text = a.label("refusalText");
    Label capable = a.label("capable");
    a.mov(EAX, 0x8000_0000L).cpuid().cmp(EAX, 0x8000_0001L).jb(refuse);
    a.mov(EAX, 0x8000_0001L).cpuid().test(EDX, 1 << 29).jne(capable);

    a.bind(refuse).push(CS).pop(DS).mov(SI, offset(text));
    a.bind(next).lods(1).test(AL, AL).je(quiet).mov(AH, AL).mov(DX, Uart.LINE_STATUS);
    a.bind(wait).in(AL, DX).test(AL, 0x20).je(wait).mov(AL, AH).mov(DX, Uart.PORT);
    a.out(DX, AL).jmp(next);
    a.bind(quiet).mov(DX, Uart.LINE_STATUS).in(AL, DX).test(AL, 0x40).je(quiet);
    a.mov(DX, SystemCalls.POWER_PORT).mov(AX, SystemCalls.POWER_OFF_VALUE).out(DX, AX);
    a.mov(DX, SystemCalls.EXIT_PORT).xor(AL, AL).out(DX, AL);
    a.bind(halted).hlt().jmp(halted);
    a.bind(text).asciz("This guest needs a CPU with long mode.\r\n");
    a.bind(capable);
  }

  /** What an application processor executes at {@link MemoryLayout#TRAMPOLINE}, wherever it is. */
  private void trampoline() {
    a.align(4).bind(trampoline);
    a.cli().cld().mov(AX, ROM >> 4).mov(DS, AX);
    a.operandSize(32).lgdt(abs(gdtPointer));
    a.mov(EAX, CR0).or(AL, 1).mov(CR0, EAX);
    a.segmentBase(0).jmpf(far(CODE_32, applicationProcessor, 32)).segmentBase(ROM);
    a.bind(trampolineEnd);
  }

  private void protectedMode() {
    Label text = a.label("protectedText");
    a.bind(protectedMode);
    loadSegments();
    a.mov(ESP, BOOT_STACK).mov(ESI, offset(text)).call(say32);
    a.xor(EAX, EAX).mov(EDI, TABLES).mov(ECX, TABLES_BYTES / 4).rep().stos(4);
    paging32();
    a.mov(ESI, offset(kernelBytes)).mov(EDI, KERNEL);
    a.mov(ECX, kernelImage.length / 4).rep().movs(4);
    a.xor(EAX, EAX).mov(EDI, KERNEL_DATA).mov(ECX, KERNEL_DATA_BYTES / 4).rep().stos(4);
    buildTables();
    a.xor(EBP, EBP).jmp(enterLongMode);

    a.bind(applicationProcessor);
    loadSegments();
    a.mov(EBP, 1).jmp(enterLongMode);
    a.bind(text).asciz("protected ");
    say(say32);
  }

  private void loadSegments() {
    a.mov(AX, DATA_32).mov(DS, AX).mov(ES, AX).mov(SS, AX).mov(FS, AX).mov(GS, AX);
  }

  /** Writes through one mapping with 4 MiB pages and reads through another. */
  private void paging32() {
    Label paged = a.label("paged");
    Label same = a.label("same");
    a.mov(abs(DIRECTORY_32).bytes(4), 0x83).mov(abs(DIRECTORY_32 + 4).bytes(4), 0x83);
    a.mov(EAX, DIRECTORY_32).mov(CR3, EAX);
    a.mov(EAX, CR4).or(EAX, 0x10).mov(CR4, EAX);
    a.mov(EAX, CR0).or(EAX, 0x8000_0000L).mov(CR0, EAX).jmp(paged);
    a.bind(paged);
    a.mov(abs(0x40_0000 + SCRATCH).bytes(4), 0x1234_5678);
    a.cmp(abs(SCRATCH).bytes(4), 0x1234_5678).je(same);
    a.hlt();
    a.bind(same);
    a.mov(EAX, CR0).and(EAX, 0x7FFF_FFFF).mov(CR0, EAX);
  }

  /** Identity and kernel half map the first 16 MiB; the top of 4 GiB has the local APIC. */
  private void buildTables() {
    Label next = a.label("nextLargePage");
    a.mov(abs(BOOT_PML4).bytes(4), PDPT_LOW | 3);
    a.mov(abs(BOOT_PML4 + 511 * 8).bytes(4), PDPT_HIGH | 3);
    a.mov(abs(PML4 + 511 * 8).bytes(4), PDPT_HIGH | 3);
    a.mov(abs(PDPT_LOW).bytes(4), PD_LOW | 3);
    a.mov(abs(PDPT_HIGH + 510 * 8).bytes(4), PD_LOW | 3);
    a.mov(abs(PDPT_HIGH + 511 * 8).bytes(4), PD_TOP | 3);
    a.mov(abs(PD_TOP + 0x1F7 * 8).bytes(4), 0xFEE0_009BL);
    a.mov(EDI, PD_LOW).mov(EAX, 0x83).mov(ECX, 8);
    a.bind(next);
    a.mov(ptr(EDI), EAX).add(EAX, 0x20_0000).add(EDI, 8).loop(next);
  }

  private void longMode() {
    Label long64 = a.label("long64");
    Label application = a.label("application64");
    a.bind(enterLongMode);
    // PAE, PGE, OSFXSR, OSXMMEXCPT; PSE means nothing any more.
    a.mov(EAX, CR4).or(EAX, 0x6A0).and(EAX, ~0x10).mov(CR4, EAX);
    a.mov(EAX, BOOT_PML4).mov(CR3, EAX);
    // SCE, LME, NXE.
    a.mov(ECX, EFER).rdmsr().or(EAX, 0x901).wrmsr();
    // PE, MP, ET, NE, WP, PG.
    a.mov(EAX, 0x8001_0033L).mov(CR0, EAX);
    a.jmpf(far(CODE_64, long64, 32)).mode(CodeMode.BITS64);
    a.bind(long64);
    a.test(EBP, EBP).jne(application);
    a.mov(RAX, kernel.bootEntry()).jmp(RAX);
    a.bind(application);
    a.mov(RAX, kernel.applicationEntry()).jmp(RAX);
    a.mode(CodeMode.BITS32);
  }

  private void tables() {
    Label gdt = a.label("bootGdt");
    a.align(8).bind(gdt);
    a.quadwords(0, 0x00CF_9B00_0000_FFFFL, 0x00CF_9300_0000_FFFFL, 0x00AF_9B00_0000_FFFFL);
    a.bind(gdtPointer).words(4 * 8 - 1).datum(offset(gdt), 4);
  }

  /** A routine that sends the text at SI or ESI, zero-terminated, to the UART's empty FIFO. */
  private void say(Label name) {
    Label next = a.label(name + "Next");
    Label end = a.label(name + "End");
    a.bind(name).mov(DX, Uart.PORT);
    a.bind(next).lods(1).test(AL, AL).je(end).out(DX, AL).jmp(next);
    a.bind(end).ret();
  }
}
