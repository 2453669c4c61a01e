package dev.hindsight.board.builtin;

import static dev.hindsight.board.builtin.KernelData.CPU_TASK;
import static dev.hindsight.board.builtin.KernelData.TASK_DIRECTORY;
import static dev.hindsight.board.builtin.MemoryLayout.FRAMES;
import static dev.hindsight.board.builtin.MemoryLayout.KERNEL_BASE;
import static dev.hindsight.board.builtin.MemoryLayout.USER_END;
import static dev.hindsight.board.builtin.MemoryLayout.USER_HEAP;
import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.ptr;

import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;

/** Physical memory in pages, and pages that come to be when a task touches them. */
final class PageFrames {
  /** Present, writable, user. */
  static final int USER_WRITABLE = 7;

  /** Present, user. */
  static final int USER_READABLE = 5;

  /** The no-execute bit, in the high half of an entry. */
  static final int NO_EXECUTE_HIGH = 0x8000_0000;

  private final Assembler a;
  private final Label nextFrame;
  private final Label allocate;
  private final Label touch;

  PageFrames(Assembler a) {
    this.a = a;
    this.nextFrame = a.label("nextFrame");
    this.allocate = a.label("allocateFrame");
    this.touch = a.label("touchHeap");
  }

  /**
   * Routine: a zeroed frame; its physical address in RAX, its linear address in RDX; changes RCX
   * and RDI.
   */
  Label allocate() {
    return allocate;
  }

  /**
   * Routine: maps a page of the heap if CR2 is in it; EAX is 0 if it is not. Interrupts are off and
   * nobody else uses the tables of the current task.
   */
  Label touch() {
    return touch;
  }

  void code() {
    a.bind(allocate);
    a.mov(EAX, 0x1000).lock().xadd(ptr(nextFrame), EAX);
    a.mov(RDX, KERNEL_BASE).add(RDX, RAX).push(RAX);
    a.mov(RDI, RDX).xor(EAX, EAX).mov(ECX, 512).rep().stos(8).pop(RAX).ret();

    Label outside = a.label("outsideHeap");
    Label table = a.label("heapTable");
    a.bind(touch).mov(RSI, CR2);
    a.cmp(RSI, USER_HEAP).jb(outside).cmp(RSI, USER_END).jae(outside);
    a.mov(R8, Scheduler.cpu(CPU_TASK)).mov(R8, ptr(R8, TASK_DIRECTORY));
    a.add(R8, (USER_HEAP >> 21) * 8);
    a.cmp(ptr(R8).bytes(8), 0).jne(table);
    a.call(allocate).or(RAX, USER_WRITABLE).mov(ptr(R8), RAX);
    a.bind(table).mov(R9, ptr(R8)).and(R9, -0x1000).mov(RDX, KERNEL_BASE).add(R9, RDX);
    a.shr(RSI, 12).and(ESI, 511).call(allocate).or(RAX, USER_WRITABLE);
    a.bts(RAX, 63).mov(ptr(R9).plus(RSI, 8), RAX).mov(EAX, 1).ret();
    a.bind(outside).xor(EAX, EAX).ret();

    a.align(4).bind(nextFrame).doublewords(FRAMES);
  }
}
