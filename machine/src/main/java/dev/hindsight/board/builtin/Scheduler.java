package dev.hindsight.board.builtin;

import static dev.hindsight.board.builtin.KernelData.CPU_IDLE_TASK;
import static dev.hindsight.board.builtin.KernelData.CPU_INDEX;
import static dev.hindsight.board.builtin.KernelData.CPU_KERNEL_STACK;
import static dev.hindsight.board.builtin.KernelData.CPU_TASK;
import static dev.hindsight.board.builtin.KernelData.CPU_TSS;
import static dev.hindsight.board.builtin.KernelData.READY;
import static dev.hindsight.board.builtin.KernelData.RUNNING;
import static dev.hindsight.board.builtin.KernelData.TASK;
import static dev.hindsight.board.builtin.KernelData.TASKS;
import static dev.hindsight.board.builtin.KernelData.TASK_BYTES;
import static dev.hindsight.board.builtin.KernelData.TASK_CPU;
import static dev.hindsight.board.builtin.KernelData.TASK_CR3;
import static dev.hindsight.board.builtin.KernelData.TASK_FLOATING;
import static dev.hindsight.board.builtin.KernelData.TASK_RSP;
import static dev.hindsight.board.builtin.KernelData.TASK_STACK_END;
import static dev.hindsight.board.builtin.KernelData.TASK_STATE;
import static dev.hindsight.board.builtin.KernelData.TASK_SWITCHES;
import static dev.hindsight.x86.Mnemonic.XRSTOR;
import static dev.hindsight.x86.Mnemonic.XSAVE;
import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.abs;
import static dev.hindsight.x86.assembler.Arguments.ptr;

import dev.hindsight.x86.Register;
import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;
import dev.hindsight.x86.assembler.Pointer;
import java.util.List;

/**
 * Who runs: a round robin over the tasks that are ready, under the kernel's one lock. The lock is
 * held across the switch and given back by the task that was switched to, so that no other vCPU can
 * take up a task before its stack pointer is saved.
 *
 * <p>The kernel runs with interrupts off. Its routines may change RAX, RCX, RDX, RSI, RDI and R8 to
 * R11 and keep the other registers.
 */
final class Scheduler {
  private static final List<Register> KEPT = List.of(RBX, RBP, R12, R13, R14, R15);

  private static final int TSS_RSP0 = 4;

  private final Assembler a;
  private final Label kernelLock;
  private final Label lastChosen;
  private final Label lock;
  private final Label schedule;
  private final Label scheduleLocked;
  private final Label wake;
  private final Label extendedState;
  private final Label idle;

  Scheduler(Assembler a) {
    this.a = a;
    this.kernelLock = a.label("kernelLock");
    this.lastChosen = a.label("lastChosen");
    this.lock = a.label("lock");
    this.schedule = a.label("schedule");
    this.scheduleLocked = a.label("scheduleLocked");
    this.wake = a.label("wake");
    this.extendedState = a.label("extendedState");
    this.idle = a.label("idle");
  }

  /** Routine: takes the kernel's lock; changes no register. */
  Label lock() {
    return lock;
  }

  /** Writes the instruction that gives the lock back. */
  void unlock() {
    a.mov(ptr(kernelLock).bytes(4), 0);
  }

  /** Routine: lets another task run if there is one that is ready. */
  Label schedule() {
    return schedule;
  }

  /** Routine: the same for a caller that has the lock; it is free afterwards. */
  Label scheduleLocked() {
    return scheduleLocked;
  }

  /** Routine: makes the tasks in state EDI ready; the caller has the lock. */
  Label wake() {
    return wake;
  }

  /** Variable of 32 bits: the low half of XCR0, or 0 if there is no XSAVE. */
  Label extendedState() {
    return extendedState;
  }

  /** Where a vCPU that has come up goes on, never to return. */
  Label idle() {
    return idle;
  }

  /** The datum of the vCPU's record at an offset. */
  static Pointer cpu(int offset) {
    return abs(offset).segment(GS);
  }

  void code() {
    locking();
    choosing();
    waking();
    Label halted = a.label("halted");
    a.bind(idle).call(schedule);
    a.bind(halted).sti().hlt().cli().jmp(idle);
    a.align(4).bind(kernelLock).doublewords(0).bind(lastChosen).doublewords(0);
    a.bind(extendedState).doublewords(0);
  }

  private void locking() {
    Label spin = a.label("kernelSpin");
    Label taken = a.label("kernelLockTaken");
    a.bind(lock);
    a.lock().bts(ptr(kernelLock).bytes(4), 0).jae(taken);
    a.bind(spin).pause().test(ptr(kernelLock).bytes(4), 1).jne(spin).jmp(lock);
    a.bind(taken).ret();
  }

  private void choosing() {
    Label choose = a.label("choose");
    Label next = a.label("nextTask");
    Label inRange = a.label("taskInRange");
    Label found = a.label("taskFound");
    Label chosen = a.label("taskChosen");
    Label sameSpace = a.label("sameAddressSpace");
    Label same = a.label("sameTask");
    a.bind(schedule).call(lock);
    a.bind(scheduleLocked);
    a.mov(RSI, cpu(CPU_TASK));
    a.cmp(ptr(RSI, TASK_STATE).bytes(4), RUNNING).jne(choose);
    a.mov(ptr(RSI, TASK_STATE).bytes(4), READY);

    a.bind(choose);
    a.mov(EAX, ptr(lastChosen)).mov(ECX, TASKS);
    a.bind(next).inc(EAX).cmp(EAX, TASKS).jb(inRange).xor(EAX, EAX);
    a.bind(inRange).imul(EDX, EAX, TASK_BYTES).mov(RDI, TASK).add(RDI, RDX);
    a.cmp(ptr(RDI, TASK_STATE).bytes(4), READY).je(found).dec(ECX).jne(next);
    a.mov(RDI, cpu(CPU_IDLE_TASK)).jmp(chosen);
    a.bind(found).mov(ptr(lastChosen), EAX).mov(ptr(RDI, TASK_STATE).bytes(4), RUNNING);

    a.bind(chosen).mov(EAX, cpu(CPU_INDEX)).mov(ptr(RDI, TASK_CPU), EAX);
    a.cmp(RDI, RSI).je(same).inc(ptr(RDI, TASK_SWITCHES).bytes(8));
    KEPT.forEach(a::push);
    saveFloating();
    a.mov(ptr(RSI, TASK_RSP), RSP);
    a.mov(cpu(CPU_TASK), RDI).mov(RSP, ptr(RDI, TASK_RSP));
    a.mov(RAX, ptr(RDI, TASK_CR3)).mov(RCX, CR3).cmp(RAX, RCX).je(sameSpace).mov(CR3, RAX);
    a.bind(sameSpace).mov(RAX, ptr(RDI, TASK_STACK_END));
    a.mov(cpu(CPU_KERNEL_STACK), RAX).mov(cpu(CPU_TSS + TSS_RSP0), RAX);
    restoreFloating();
    KEPT.reversed().forEach(a::pop);
    a.bind(same);
    unlock();
    a.ret();
  }

  /** By XSAVE if the vCPUs have it. */
  private void saveFloating() {
    Label old = a.label("saveByFxsave");
    Label saved = a.label("floatingSaved");
    a.mov(EAX, ptr(extendedState)).test(EAX, EAX).je(old);
    a.xor(EDX, EDX).emit(XSAVE, ptr(RSI, TASK_FLOATING)).jmp(saved);
    a.bind(old).fxsave(ptr(RSI, TASK_FLOATING)).bind(saved);
  }

  private void restoreFloating() {
    Label old = a.label("restoreByFxrstor");
    Label restored = a.label("floatingRestored");
    a.mov(EAX, ptr(extendedState)).test(EAX, EAX).je(old);
    a.xor(EDX, EDX).emit(XRSTOR, ptr(RDI, TASK_FLOATING)).jmp(restored);
    a.bind(old).fxrstor(ptr(RDI, TASK_FLOATING)).bind(restored);
  }

  private void waking() {
    Label next = a.label("nextToWake");
    Label other = a.label("notToWake");
    a.bind(wake).mov(RSI, TASK).mov(ECX, TASKS);
    a.bind(next).cmp(ptr(RSI, TASK_STATE), EDI).jne(other);
    a.mov(ptr(RSI, TASK_STATE).bytes(4), READY);
    a.bind(other).add(RSI, TASK_BYTES).dec(ECX).jne(next);
    LocalApic.interruptOthers(a);
    a.ret();
  }
}
