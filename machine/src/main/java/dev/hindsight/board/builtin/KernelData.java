package dev.hindsight.board.builtin;

import static dev.hindsight.board.builtin.MemoryLayout.KERNEL_DATA;

/** What lies where in the kernel's zero-initialised data, and within its records. */
final class KernelData {
  /** vCPUs that the kernel can use; more of them park themselves. */
  static final int CPUS = 8;

  /** Tasks: four that compute, the trespasser, and the console. */
  static final int TASKS = 6;

  static final int COMPUTING_TASKS = 4;

  /** All but the console come to an end. */
  static final int ENDING_TASKS = TASKS - 1;

  /** 256 gates of 16 bytes. */
  static final long IDT = kernel(0);

  // Records of the vCPUs, to which GS points while the kernel runs.
  static final int CPU_BYTES = 256;
  static final long CPU = kernel(0x1000);

  /** End of the kernel stack of the current task, for SYSCALL. */
  static final int CPU_KERNEL_STACK = 0;

  /** The user's stack pointer, for a moment in SYSCALL. */
  static final int CPU_USER_STACK = 8;

  /** The current task. */
  static final int CPU_TASK = 16;

  /** The task that runs when nobody else wants to. */
  static final int CPU_IDLE_TASK = 24;

  /** Number of the vCPU. */
  static final int CPU_INDEX = 32;

  /** Interrupts of the APIC timer so far. */
  static final int CPU_TIMER_INTERRUPTS = 40;

  /** The task-state segment. */
  static final int CPU_TSS = 64;

  static final int TSS_BYTES = 104;

  // Records of the tasks, the idle tasks of the vCPUs last.
  static final int TASK_BYTES = 2048;
  static final long TASK = kernel(0x2000);

  /** Saved kernel stack pointer. */
  static final int TASK_RSP = 0;

  /** Physical address of the PML4 table. */
  static final int TASK_CR3 = 8;

  /** One of the states below. */
  static final int TASK_STATE = 16;

  /** The vCPU that ran it last. */
  static final int TASK_CPU = 20;

  /** End of its kernel stack. */
  static final int TASK_STACK_END = 24;

  /** How often it was switched to. */
  static final int TASK_SWITCHES = 32;

  /** Linear address of its user page directory. */
  static final int TASK_DIRECTORY = 40;

  /** The area of FXSAVE or XSAVE, with room for the upper halves of YMM registers. */
  static final int TASK_FLOATING = 1024;

  static final int READY = 1;
  static final int RUNNING = 2;
  static final int WAITING_FOR_INPUT = 3;
  static final int WAITING_FOR_OUTPUT = 4;
  static final int DONE = 5;
  static final int IDLE = 6;

  /** Kernel stacks of the tasks and of the vCPUs' idle tasks. */
  static final int STACK_BYTES = 0x1000;

  static final long STACKS = kernel(0x9000);

  /** Stacks for double faults, one for each vCPU. */
  static final long FAULT_STACKS = STACKS + (TASKS + CPUS) * STACK_BYTES;

  /** The ring of characters to send. */
  static final int OUTPUT_BYTES = 4096;

  static final long OUTPUT = FAULT_STACKS + CPUS * STACK_BYTES;

  /** The ring of received characters. */
  static final int INPUT_BYTES = 256;

  static final long INPUT = OUTPUT + OUTPUT_BYTES;

  private KernelData() {}

  private static long kernel(int offset) {
    return MemoryLayout.kernel(KERNEL_DATA + offset);
  }

  /** The TSS of a vCPU. */
  static long tss(int cpu) {
    return CPU + (long) cpu * CPU_BYTES + CPU_TSS;
  }
}
