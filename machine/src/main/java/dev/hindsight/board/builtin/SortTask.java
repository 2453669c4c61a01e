package dev.hindsight.board.builtin;

import static dev.hindsight.board.builtin.MemoryLayout.USER_HEAP;
import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.ptr;

import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;

/** Quicksort, recursive, of random numbers on heap pages that come to be when they are touched. */
final class SortTask implements ComputingTask {
  private static final int NUMBERS = 1500;

  private final Assembler a;
  private final UserRuntime runtime;
  private final Label sort;

  SortTask(Assembler a, UserRuntime runtime) {
    this.a = a;
    this.runtime = runtime;
    this.sort = a.label("sort");
  }

  @Override
  public String name() {
    return "sort";
  }

  @Override
  public void round() {
    Label fill = a.label("sortFill");
    Label check = a.label("sortCheck");
    // Each of 16 rounds has its own pages.
    a.mov(EBX, R13D).and(EBX, 15).imul(EBX, EBX, 0x4000).add(EBX, USER_HEAP);
    a.imul(EAX, R13D, 0x85EB_CA6BL).xor(EBP, EBP).mov(RDI, RBX).mov(ECX, NUMBERS);
    a.bind(fill).imul(EAX, EAX, 1_103_515_245).add(EAX, 12345).stos(4).add(RBP, RAX).loop(fill);
    a.mov(RDI, RBX).lea(RSI, ptr(RBX, (NUMBERS - 1) * 4)).call(sort);
    // They must ascend and have the same sum; R8 is a hash that depends on their order.
    a.mov(RSI, RBX).mov(ECX, NUMBERS).xor(EDX, EDX).xor(R8D, R8D);
    a.bind(check).lods(4).cmp(EAX, EDX).jb(runtime.wrong()).mov(EDX, EAX);
    a.sub(RBP, RAX).rol(R8, 7).xor(R8, RAX).loop(check);
    a.test(RBP, RBP).jne(runtime.wrong()).mov(RAX, R8);
  }

  /** Sorts the numbers from RDI to RSI, both inclusive. */
  @Override
  public void routines() {
    Label partition = a.label("sortPartition");
    Label right = a.label("sortRight");
    Label exchange = a.label("sortExchange");
    Label divided = a.label("sortDivided");
    Label end = a.label("sortEnd");
    a.bind(sort).cmp(RDI, RSI).jae(end);
    a.lea(RAX, ptr(RDI).plus(RSI)).shr(RAX, 1).and(RAX, -4).mov(EDX, ptr(RAX));
    a.mov(R8, RDI).mov(R9, RSI);
    a.bind(partition).sub(R8, 4);
    Label left = a.here("sortLeft");
    a.add(R8, 4).cmp(ptr(R8), EDX).jb(left);
    a.add(R9, 4);
    a.bind(right).sub(R9, 4).cmp(ptr(R9), EDX).ja(right);
    a.cmp(R8, R9).ja(divided);
    a.bind(exchange).mov(EAX, ptr(R8)).xchg(EAX, ptr(R9)).mov(ptr(R8), EAX);
    a.add(R8, 4).sub(R9, 4).cmp(R8, R9).jbe(partition);
    a.bind(divided).push(R8).push(RSI).mov(RSI, R9).call(sort).pop(RSI).pop(RDI).jmp(sort);
    a.bind(end).ret();
  }
}
