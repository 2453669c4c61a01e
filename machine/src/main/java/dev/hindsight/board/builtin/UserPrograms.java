package dev.hindsight.board.builtin;

import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.ptr;

import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;
import java.util.ArrayList;
import java.util.List;

/** The user's side: one image with the code of all tasks. */
final class UserPrograms {
  private final Assembler a = new Assembler(CodeMode.BITS64, MemoryLayout.USER_CODE);
  private final int rounds;
  private final UserRuntime runtime = new UserRuntime(a);
  private final SharedRing ring = new SharedRing(a);
  private final List<ComputingTask> computing =
      List.of(
          new ChecksumTask(a, runtime),
          new SortTask(a, runtime),
          new PrimesTask(a, runtime),
          new FloatTask(a, runtime));
  private final ConsoleTask console =
      new ConsoleTask(a, runtime, computing.stream().map(ComputingTask::name).toList());
  private final List<Label> entries = new ArrayList<>();
  private final Label finish = a.label("finish");

  UserPrograms(BuiltinGuest guest) {
    this.rounds = guest.rounds();
  }

  byte[] assemble() {
    for (ComputingTask task : computing) {
      entries.add(a.label(task.name() + "Entry"));
      computingTask(task, entries.getLast());
    }
    entries.add(a.here("trespasserEntry"));
    new TrespasserTask(a, runtime).code();
    entries.add(a.here("consoleEntry"));
    console.code();
    finish();
    runtime.code();
    ring.code();
    return a.assemble();
  }

  /** Where task number {@code task} starts, after {@link #assemble}. */
  long entry(int task) {
    return entries.get(task).address();
  }

  private void computingTask(ComputingTask task, Label entry) {
    Label next = a.label(task.name() + "Round");
    Label name = a.label(task.name() + "Name");
    a.bind(entry).xor(R13D, R13D);
    a.bind(next).inc(R13D);
    task.round();
    a.mov(R14, RAX).mov(RDI, RAX).call(ring.put());
    a.lea(RSI, ptr(name)).mov(EDI, R13D).mov(RDX, R14).call(runtime.printLine());
    a.call(ring.take());
    a.cmp(R13D, rounds).jne(next).jmp(finish);
    task.routines();
    a.bind(name).asciz(task.name());
  }

  /** The last of the computing tasks empties the ring and prints what went through it. */
  private void finish() {
    Label exit = a.label("exit");
    Label differs = a.label("ringDiffers");
    Label print = a.label("ringPrint");
    Label agreesText = a.label("ringAgreesText");
    Label differsText = a.label("ringDiffersText");
    a.bind(finish);
    ring.countFinished();
    a.cmp(EAX, KernelData.COMPUTING_TASKS).jne(exit);
    a.call(ring.drain());
    ring.loadTotals();
    a.cmp(RAX, RDX).jne(differs).lea(RSI, ptr(agreesText)).jmp(print);
    a.bind(differs).lea(RSI, ptr(differsText));
    a.bind(print).mov(RDX, RAX).call(runtime.printLine());
    a.bind(exit);
    runtime.systemCall(SystemCalls.EXIT);
    a.bind(agreesText).asciz("ring agrees after");
    a.bind(differsText).asciz("ring differs after");
  }
}
