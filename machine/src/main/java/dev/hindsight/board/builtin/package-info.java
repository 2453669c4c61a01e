/**
 * The guest that comes with Hindsight: firmware, a small preemptive kernel, and tasks, all written
 * in Java with our own assembler. It is the first thing that runs on the machine, in demonstrations
 * and in tests of determinism, and an example of how to write a guest. It asks for nothing but a
 * PC: a ROM that ends at 4 GiB with an alias that ends at 1 MiB, {@value
 * dev.hindsight.board.builtin.BuiltinGuest#RAM_BYTES} bytes of RAM, a 16550 at COM1, an 8254, two
 * 8259s and local APICs, so that any emulator of a PC that takes a firmware image can run it too.
 *
 * {@snippet lang=java :
 * byte[] rom = new BuiltinGuest(10).rom();
 * Image high = Image.rom("builtin", 0x1_0000_0000L - rom.length, rom);
 * Image low = Image.rom("builtin-alias", 0x10_0000 - rom.length, rom);
 * }
 *
 * <p><b>How to read it.</b> Each class writes the code of one thing and says in its labels what
 * others may call. The order of execution is a good order to read in:
 *
 * <ol>
 *   <li>{@code BootRom}: the reset vector at F000:FFF0 jumps into real mode code, which sets up the
 *       UART, powers off after a line of text if there is no long mode, greets through a software
 *       interrupt, copies the application processors' trampoline below 1 MiB and enters protected
 *       mode. There it tries 32-bit paging with 4 MiB pages, copies the kernel to 1 MiB, builds
 *       tables for 4-level paging and enters long mode. On its way it prints "real", "protected"
 *       and, from the kernel, "long".
 *   <li>{@code Kernel}: GDT, TSS, IDT, the MSRs of SYSCALL and GS, SMEP if there is any, the local
 *       APIC; INIT and SIPI to the other vCPUs, which come the same way and take numbers. Eight can
 *       work; more than that halt for good.
 *   <li>{@code TaskSetup} and {@code PageFrames}: an address space for each task, with read-only
 *       code that all share, data and stack that nobody may execute, one shared page, and a heap
 *       whose pages come to be in the page-fault handler.
 *   <li>{@code Scheduler}: a round robin over six tasks on all vCPUs, driven by the APIC timers and
 *       by a message to the other vCPUs when a task becomes ready. XSAVE and XRSTOR, or FXSAVE and
 *       FXRSTOR, at each switch.
 *   <li>{@code Interrupts}, {@code SystemCalls}: entries through the IDT and through SYSCALL make
 *       the same trap frame; 32-bit code calls by INT 80.
 *   <li>{@code SerialPort}, {@code LegacyChips}, {@code LocalApic}: drivers. The UART interrupts
 *       through the 8259s and LINT0 of the boot processor; output waits in a ring, and a task waits
 *       if that is full.
 *   <li>{@code UserPrograms} and the tasks. Four compute: {@code ChecksumTask} with string
 *       instructions, {@code SortTask} recursively on the heap, {@code PrimesTask} with bit
 *       instructions and a detour into a 32-bit code segment, {@code FloatTask} on the x87, with
 *       SSE2 and, where there is one, with AVX2. They check themselves, print a line for each
 *       round, and pass their results through {@code SharedRing}, whose sums must agree in the end.
 *       {@code TrespasserTask} writes to the kernel and is ended. {@code ConsoleTask} echoes what
 *       is typed and knows {@code help}, {@code tasks}, {@code uptime}, {@code wait} (power off
 *       when the others are done) and {@code exit} (power off now).
 * </ol>
 *
 * <p>The results of the rounds do not depend on how tasks are interleaved, but for the number of
 * the vCPU at the end of a line; so they are the same wherever the guest runs.
 */
@NullMarked
package dev.hindsight.board.builtin;

import org.jspecify.annotations.NullMarked;
