package dev.hindsight.board.builtin;

import static dev.hindsight.board.builtin.KernelData.READY;
import static dev.hindsight.board.builtin.KernelData.STACKS;
import static dev.hindsight.board.builtin.KernelData.STACK_BYTES;
import static dev.hindsight.board.builtin.KernelData.TASK;
import static dev.hindsight.board.builtin.KernelData.TASKS;
import static dev.hindsight.board.builtin.KernelData.TASK_BYTES;
import static dev.hindsight.board.builtin.KernelData.TASK_CR3;
import static dev.hindsight.board.builtin.KernelData.TASK_DIRECTORY;
import static dev.hindsight.board.builtin.KernelData.TASK_FLOATING;
import static dev.hindsight.board.builtin.KernelData.TASK_RSP;
import static dev.hindsight.board.builtin.KernelData.TASK_STACK_END;
import static dev.hindsight.board.builtin.KernelData.TASK_STATE;
import static dev.hindsight.board.builtin.MemoryLayout.KERNEL_BASE;
import static dev.hindsight.board.builtin.MemoryLayout.PML4;
import static dev.hindsight.board.builtin.MemoryLayout.USER_CODE;
import static dev.hindsight.board.builtin.MemoryLayout.USER_CODE_64;
import static dev.hindsight.board.builtin.MemoryLayout.USER_DATA;
import static dev.hindsight.board.builtin.MemoryLayout.USER_DATA_PAGES;
import static dev.hindsight.board.builtin.MemoryLayout.USER_SHARED;
import static dev.hindsight.board.builtin.MemoryLayout.USER_STACK;
import static dev.hindsight.board.builtin.MemoryLayout.USER_STACK_TOP;
import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.abs;
import static dev.hindsight.x86.assembler.Arguments.offset;
import static dev.hindsight.x86.assembler.Arguments.ptr;

import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;

/** Makes the tasks: an address space, a kernel stack and a record for each. */
final class TaskSetup {
  private static final int PAGE = 0x1000;
  private static final int ENTRY_BYTES = 8;

  private final Assembler a;
  private final PageFrames frames;
  private final UserPrograms programs;
  private final byte[] userImage;
  private final Label createTasks;
  private final Label start;
  private final Label entries;
  private final Label userCode;
  private final Label mapFresh;

  TaskSetup(Assembler a, PageFrames frames, UserPrograms programs) {
    this.a = a;
    this.frames = frames;
    this.programs = programs;
    this.userImage = programs.assemble();
    this.createTasks = a.label("createTasks");
    this.start = a.label("startTask");
    this.entries = a.label("taskEntries");
    this.userCode = a.label("userCode");
    this.mapFresh = a.label("mapFresh");
  }

  /** Routine: makes all tasks and lets them be ready. */
  Label createTasks() {
    return createTasks;
  }

  void code() {
    Label next = a.label("createNext");
    a.bind(createTasks).push(RBX).push(RBP).push(R12).push(R13).push(R14);
    // R14: entry of the shared page. R12: number of the task. RBX: its record.
    a.call(frames.allocate()).or(RAX, PageFrames.USER_WRITABLE).bts(RAX, 63).mov(R14, RAX);
    a.xor(R12D, R12D).mov(RBX, TASK);
    a.bind(next);
    addressSpace();
    kernelStack();
    a.fxsave(ptr(RBX, TASK_FLOATING));
    a.mov(ptr(RBX, TASK_STATE).bytes(4), READY);
    a.add(RBX, TASK_BYTES).inc(R12D).cmp(R12D, TASKS).jne(next);
    a.pop(R14).pop(R13).pop(R12).pop(RBP).pop(RBX).ret();

    // RBP: the page table, RSI: the first entry's index, R8: how many. Maps fresh frames.
    Label nextPage = a.label("nextFreshPage");
    a.bind(mapFresh);
    a.bind(nextPage).call(frames.allocate()).or(RAX, PageFrames.USER_WRITABLE).bts(RAX, 63);
    a.mov(ptr(RBP).plus(RSI, ENTRY_BYTES), RAX).inc(ESI).dec(R8D).jne(nextPage).ret();

    // The first thing a new task executes; the switch has left its number in R12.
    a.bind(start).swapgs().xor(EAX, EAX).operandSize(64).iret();

    a.align(8).bind(entries);
    for (int task = 0; task < TASKS; task++) {
      a.quadwords(programs.entry(task));
    }
  }

  /** The user programs, on pages of their own. */
  void data() {
    a.align(PAGE).bind(userCode).bytes(userImage).align(PAGE);
  }

  private void addressSpace() {
    a.call(frames.allocate()).mov(ptr(RBX, TASK_CR3), RAX).mov(R13, RDX);
    a.mov(RAX, abs(MemoryLayout.kernel(PML4 + 511 * ENTRY_BYTES))).mov(ptr(R13, 0xFF8), RAX);
    descend();
    descend();
    a.mov(ptr(RBX, TASK_DIRECTORY), R13);
    a.add(R13, (USER_CODE >> 21) * ENTRY_BYTES);
    descend();
    a.mov(RBP, R13);
    mapCode();
    map(USER_DATA, USER_DATA_PAGES);
    map(USER_STACK_TOP - 2 * PAGE, 2);
    a.mov(ptr(RBP, index(USER_SHARED) * ENTRY_BYTES), R14);
  }

  /** Makes a table, enters it where R13 points, and lets R13 point to its beginning. */
  private void descend() {
    a.call(frames.allocate()).or(RAX, PageFrames.USER_WRITABLE);
    a.mov(ptr(R13), RAX).mov(R13, RDX);
  }

  private void mapCode() {
    Label next = a.label("nextCodePage");
    a.mov(RAX, offset(userCode).bytes(8)).mov(RDX, KERNEL_BASE).sub(RAX, RDX);
    a.or(RAX, PageFrames.USER_READABLE).lea(RDI, ptr(RBP, index(USER_CODE) * ENTRY_BYTES));
    a.mov(ECX, (userImage.length + PAGE - 1) / PAGE);
    a.bind(next).stos(8).add(RAX, PAGE).loop(next);
  }

  private void map(long linear, int pages) {
    a.mov(ESI, index(linear)).mov(R8D, pages).call(mapFresh);
  }

  private static long index(long linear) {
    return linear >> 12 & 511;
  }

  /** What the switch pops, then what IRET pops. */
  private void kernelStack() {
    a.lea(EAX, ptr(R12, 1)).imul(EAX, EAX, STACK_BYTES).mov(RDX, STACKS).add(RDX, RAX);
    a.mov(ptr(RBX, TASK_STACK_END), RDX).mov(RSI, RSP).mov(RSP, RDX);
    a.push(USER_STACK).mov(EAX, USER_STACK_TOP).push(RAX).push(0x202).push(USER_CODE_64);
    a.lea(RAX, ptr(entries)).push(ptr(RAX).plus(R12, 8).bytes(8));
    a.lea(RAX, ptr(start)).push(RAX);
    // In the order of the switch: RBX, RBP, R12 to R15.
    a.push(0).push(0).push(R12).push(0).push(0).push(0);
    a.mov(ptr(RBX, TASK_RSP), RSP).mov(RSP, RSI);
  }
}
