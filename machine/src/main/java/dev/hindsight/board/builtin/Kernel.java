package dev.hindsight.board.builtin;

import static dev.hindsight.board.builtin.MemoryLayout.FIRST_TSS;
import static dev.hindsight.board.builtin.MemoryLayout.KERNEL;
import static dev.hindsight.board.builtin.MemoryLayout.KERNEL_CODE;
import static dev.hindsight.board.builtin.MemoryLayout.KERNEL_STACK;
import static dev.hindsight.board.builtin.MemoryLayout.PML4;
import static dev.hindsight.board.builtin.MemoryLayout.USER_CODE_32;
import static dev.hindsight.x86.Mnemonic.RETF;
import static dev.hindsight.x86.Mnemonic.XSETBV;
import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.abs;
import static dev.hindsight.x86.assembler.Arguments.offset;
import static dev.hindsight.x86.assembler.Arguments.ptr;

import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;

/** The kernel: how each vCPU comes up, and its parts put together. */
final class Kernel {
  private static final int STAR = 0xC000_0081;
  private static final int LSTAR = 0xC000_0082;
  private static final int SFMASK = 0xC000_0084;
  private static final int GS_BASE = 0xC000_0101;
  private static final int KERNEL_GS_BASE = 0xC000_0102;
  private static final int TSS_IST1 = 36;
  private static final int TSS_IO_MAP = 102;

  private final Assembler a = new Assembler(CodeMode.BITS64, MemoryLayout.kernel(KERNEL));
  private final Label bootEntry = a.label("kernelBoot");
  private final Label applicationEntry = a.label("kernelApplication");
  private final Label bringUp = a.label("bringUp");
  private final Label nextNumber = a.label("nextCpuNumber");
  private final Label gdt = a.label("gdt");
  private final Label gdtPointer = a.label("gdtPointer");
  private final Label idtPointer = a.label("idtPointer");
  private final Label greeting = a.label("greeting");
  private final Scheduler scheduler = new Scheduler(a);
  private final SerialPort serialPort = new SerialPort(a, scheduler);
  private final PageFrames frames = new PageFrames(a);
  private final LocalApic localApic;
  private final LegacyChips legacyChips;
  private final Interrupts interrupts;
  private final SystemCalls systemCalls;
  private final TaskSetup taskSetup;

  Kernel(BuiltinGuest guest) {
    this.localApic = new LocalApic(a, scheduler, guest.timerCount());
    this.legacyChips = new LegacyChips(a);
    this.systemCalls = new SystemCalls(a, scheduler, serialPort, legacyChips);
    this.interrupts =
        new Interrupts(a, scheduler, serialPort, frames, localApic, legacyChips, systemCalls);
    this.taskSetup = new TaskSetup(a, frames, new UserPrograms(guest));
  }

  /** The kernel's image, a multiple of four bytes long. */
  byte[] assemble() {
    boot();
    application();
    bringUp();
    scheduler.code();
    serialPort.code();
    frames.code();
    localApic.code();
    legacyChips.code();
    interrupts.code();
    systemCalls.code();
    taskSetup.code();
    data();
    taskSetup.data();
    a.align(4);
    return a.assemble();
  }

  /** Where the boot processor enters the kernel, after {@link #assemble}. */
  long bootEntry() {
    return bootEntry.address();
  }

  /** Where the application processors enter the kernel, after {@link #assemble}. */
  long applicationEntry() {
    return applicationEntry.address();
  }

  private void boot() {
    a.bind(bootEntry).xor(R12D, R12D);
    enter("Boot");
    a.call(interrupts.buildIdt());
    a.call(taskSetup.createTasks());
    a.call(legacyChips.initialize());
    a.call(bringUp);
    localApic.connect();
    a.lea(RSI, ptr(greeting)).call(serialPort.print());
    Uart.write(a, Uart.INTERRUPT_ENABLE, Uart.RECEIVED | Uart.TRANSMITTED);
    a.call(localApic.startOthers());
    a.jmp(scheduler.idle());
  }

  /** Each takes a number, in the order of their coming; whoever comes too late is parked. */
  private void application() {
    Label parked = a.label("parked");
    a.bind(applicationEntry).mov(EAX, 1).lock().xadd(ptr(nextNumber), EAX).mov(R12D, EAX);
    a.cmp(R12D, KernelData.CPUS).jae(parked);
    enter("Application");
    a.call(bringUp);
    a.jmp(scheduler.idle());
    a.bind(parked).hlt().jmp(parked);
  }

  /** Takes the kernel's segments and the stack of vCPU R12, and leaves the identity mapping. */
  private void enter(String who) {
    Label flushed = a.label("flushed" + who);
    loadRecord(RSP, KernelData.STACKS, KernelData.STACK_BYTES, KernelData.TASKS + 1);
    a.lgdt(abs(gdtPointer));
    a.mov(EAX, KERNEL_STACK).mov(SS, AX).xor(EAX, EAX);
    a.mov(DS, AX).mov(ES, AX).mov(FS, AX).mov(GS, AX);
    a.push(KERNEL_CODE).lea(RAX, ptr(flushed)).push(RAX);
    a.operandSize(64).emit(RETF);
    a.bind(flushed).mov(EAX, PML4).mov(CR3, RAX).fninit();
  }

  /** Routine: tables, model-specific registers, records and local APIC of vCPU R12; RBX is lost. */
  private void bringUp() {
    a.bind(bringUp);
    a.lidt(abs(idtPointer));
    a.mov(EAX, R12D).shl(EAX, 4).add(EAX, FIRST_TSS).ltr(AX);
    loadRecord(RDI, KernelData.CPU, KernelData.CPU_BYTES, 0);
    loadRecord(RSI, KernelData.TASK, KernelData.TASK_BYTES, KernelData.TASKS);
    loadRecord(RDX, KernelData.FAULT_STACKS, KernelData.STACK_BYTES, 1);
    a.mov(ptr(RDI, KernelData.CPU_TSS + TSS_IST1), RDX);
    a.mov(ptr(RDI, KernelData.CPU_TSS + TSS_IO_MAP).bytes(2), KernelData.TSS_BYTES);
    a.mov(ptr(RDI, KernelData.CPU_INDEX), R12D);
    a.mov(ptr(RDI, KernelData.CPU_TASK), RSI).mov(ptr(RDI, KernelData.CPU_IDLE_TASK), RSI);
    a.mov(ptr(RSI, KernelData.TASK_STATE).bytes(4), KernelData.IDLE);
    a.mov(ptr(RSI, KernelData.TASK_CR3).bytes(8), PML4);
    loadRecord(RDX, KernelData.STACKS, KernelData.STACK_BYTES, KernelData.TASKS + 1);
    a.mov(ptr(RSI, KernelData.TASK_STACK_END), RDX);

    a.mov(ECX, GS_BASE).mov(RAX, RDI).mov(RDX, RDI).shr(RDX, 32).wrmsr();
    writeMsr(KERNEL_GS_BASE, 0);
    writeMsr(STAR, (long) USER_CODE_32 << 48 | (long) KERNEL_CODE << 32);
    a.mov(ECX, LSTAR).mov(RAX, offset(systemCalls.entry()).bytes(8));
    a.mov(RDX, RAX).shr(RDX, 32).wrmsr();
    // AC, NT, DF, IF and TF are off in the kernel.
    writeMsr(SFMASK, 0x4_4700);
    supervisorModeExecutionPrevention();
    extendedState();
    a.jmp(localApic.initialize());
  }

  /** Leaves the address of record number R12 + {@code offset} in a register; RAX is lost. */
  private void loadRecord(Register to, long first, int bytes, int offset) {
    a.lea(EAX, ptr(R12, offset)).imul(EAX, EAX, bytes).mov(to, first).add(to, RAX);
  }

  private void supervisorModeExecutionPrevention() {
    Label without = a.label("withoutSmep");
    a.xor(EAX, EAX).cpuid().cmp(EAX, 7).jb(without);
    a.mov(EAX, 7).xor(ECX, ECX).cpuid().test(EBX, 1 << 7).je(without);
    a.mov(RAX, CR4).or(RAX, 1 << 20).mov(CR4, RAX);
    a.bind(without);
  }

  /** Where there is XSAVE, lets tasks use the x87, SSE and, where there is one, AVX. */
  private void extendedState() {
    Label without = a.label("withoutXsave");
    Label withoutAvx = a.label("withoutAvx");
    a.mov(EAX, 1).cpuid().test(ECX, 1 << 26).je(without);
    a.mov(RAX, CR4).or(RAX, 1 << 18).mov(CR4, RAX);
    a.mov(EAX, 3).test(ECX, 1 << 28).je(withoutAvx).or(EAX, 4);
    a.bind(withoutAvx).xor(ECX, ECX).xor(EDX, EDX).emit(XSETBV);
    a.mov(ptr(scheduler.extendedState()), EAX);
    a.bind(without);
  }

  private void writeMsr(int number, long value) {
    a.mov(ECX, number).mov(EAX, value & 0xFFFF_FFFFL).mov(EDX, value >>> 32).wrmsr();
  }

  private void data() {
    a.align(4).bind(nextNumber).doublewords(1);
    a.align(16).bind(gdt);
    a.quadwords(0, 0x00AF_9B00_0000_FFFFL, 0x00CF_9300_0000_FFFFL);
    a.quadwords(0x00CF_FB00_0000_FFFFL, 0x00CF_F300_0000_FFFFL, 0x00AF_FB00_0000_FFFFL);
    for (int cpu = 0; cpu < KernelData.CPUS; cpu++) {
      long base = KernelData.tss(cpu);
      long low = KernelData.TSS_BYTES - 1 | (base & 0xFF_FFFF) << 16 | 0x89L << 40;
      a.quadwords(low | (base >>> 24 & 0xFF) << 56, base >>> 32);
    }
    a.align(8).words(0, 0, 0).bind(gdtPointer);
    a.words(FIRST_TSS + 16 * KernelData.CPUS - 1).datum(offset(gdt), 8);
    a.align(8).words(0, 0, 0).bind(idtPointer);
    a.words(0xFFF).quadwords(KernelData.IDT);
    a.bind(greeting).asciz("long\r\nHindsight's built-in guest\r\n");
  }
}
