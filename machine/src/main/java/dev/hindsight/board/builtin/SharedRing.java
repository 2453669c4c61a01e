package dev.hindsight.board.builtin;

import static dev.hindsight.board.builtin.MemoryLayout.USER_SHARED;
import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.abs;

import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;

/**
 * A ring buffer on the page that all tasks share, with a spin lock. Every task puts its results in
 * and takes others' out; what went in and what came out is summed up apart with locked
 * instructions, so that in the end the sums must agree whoever met whom.
 */
final class SharedRing {
  private static final int CAPACITY = 16;

  private static final long LOCK = USER_SHARED;
  private static final long HEAD = USER_SHARED + 4;
  private static final long TAIL = USER_SHARED + 8;
  private static final long FINISHED = USER_SHARED + 12;
  private static final long TAKEN = USER_SHARED + 16;
  private static final long TAKEN_SUM = USER_SHARED + 24;
  private static final long PUT_SUM = USER_SHARED + 32;
  private static final long SLOTS = USER_SHARED + 64;

  /** How often a task looks at a lock that is taken before it lets another run. */
  private static final int PATIENCE = 200;

  private final Assembler a;
  private final Label put;
  private final Label take;
  private final Label drain;
  private final Label lock;
  private final Label takeLocked;

  SharedRing(Assembler a) {
    this.a = a;
    this.put = a.label("ringPut");
    this.take = a.label("ringTake");
    this.drain = a.label("ringDrain");
    this.lock = a.label("ringLock");
    this.takeLocked = a.label("ringTakeLocked");
  }

  /** Routine: puts the value in RDI in; if the ring is full, takes one out first. */
  Label put() {
    return put;
  }

  /** Routine: takes a value out if there is one; EAX is 0 if there was none. */
  Label take() {
    return take;
  }

  /** Routine: takes out all. */
  Label drain() {
    return drain;
  }

  /** Counts a task as finished and leaves in EAX how many there are. */
  void countFinished() {
    a.mov(EAX, 1).lock().xadd(abs(FINISHED), EAX).inc(EAX);
  }

  /** The sums of what went in (RAX) and came out (RDX), and how many came out (EDI). */
  void loadTotals() {
    a.mov(RAX, abs(PUT_SUM)).mov(RDX, abs(TAKEN_SUM)).mov(EDI, abs(TAKEN));
  }

  void code() {
    Label room = a.label("ringRoom");
    Label again = a.label("ringDrainAgain");
    a.bind(put).lock().add(abs(PUT_SUM), RDI).push(RDI).call(lock);
    a.mov(EAX, abs(HEAD)).sub(EAX, abs(TAIL)).cmp(EAX, CAPACITY).jb(room).call(takeLocked);
    a.bind(room).pop(RDI).mov(EAX, abs(HEAD)).and(EAX, CAPACITY - 1);
    a.mov(abs(SLOTS).plus(RAX, 8), RDI);
    a.inc(abs(HEAD).bytes(4));
    unlock();
    a.ret();

    a.bind(take).call(lock).call(takeLocked);
    unlock();
    a.ret();

    a.bind(drain);
    a.bind(again).call(take).test(EAX, EAX).jne(again).ret();
    locking();
    taking();
  }

  private void locking() {
    Label again = a.label("ringLockAgain");
    Label taken = a.label("ringLockTaken");
    Label spin = a.label("ringSpin");
    a.bind(lock).mov(ECX, 1);
    a.bind(again).xor(EAX, EAX).lock().cmpxchg(abs(LOCK), ECX).je(taken).mov(EDX, PATIENCE);
    a.bind(spin).pause().cmp(abs(LOCK).bytes(4), 0).je(again).dec(EDX).jne(spin);
    // The owner may be waiting for this very vCPU.
    a.mov(EAX, SystemCalls.YIELD).syscall().jmp(lock);
    a.bind(taken).ret();
  }

  private void taking() {
    Label none = a.label("ringEmpty");
    a.bind(takeLocked).mov(EAX, abs(TAIL)).cmp(EAX, abs(HEAD)).je(none);
    a.and(EAX, CAPACITY - 1).mov(RDX, abs(SLOTS).plus(RAX, 8));
    a.lock().add(abs(TAKEN_SUM), RDX).lock().inc(abs(TAKEN).bytes(4));
    a.inc(abs(TAIL).bytes(4)).mov(EAX, 1).ret();
    a.bind(none).xor(EAX, EAX).ret();
  }

  private void unlock() {
    a.mov(abs(LOCK).bytes(4), 0);
  }
}
