package dev.hindsight.board.builtin;

import static dev.hindsight.board.builtin.MemoryLayout.USER_CODE_32;
import static dev.hindsight.board.builtin.MemoryLayout.USER_CODE_64;
import static dev.hindsight.board.builtin.MemoryLayout.USER_DATA;
import static dev.hindsight.x86.Mnemonic.AAM;
import static dev.hindsight.x86.Mnemonic.DAA;
import static dev.hindsight.x86.Mnemonic.RETF;
import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.abs;
import static dev.hindsight.x86.assembler.Arguments.far;
import static dev.hindsight.x86.assembler.Arguments.imm;
import static dev.hindsight.x86.assembler.Arguments.offset;

import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;

/** The sieve of Eratosthenes in 64-bit code, and the same by trial division in 32-bit code. */
final class PrimesTask implements ComputingTask {
  private static final int LIMIT = 8192;
  private static final int PRIMES_BELOW_LIMIT = 1028;
  private static final int SMALL_LIMIT = 300;
  private static final int PRIMES_BELOW_SMALL_LIMIT = 62;

  private final Assembler a;
  private final UserRuntime runtime;
  private final Label code32;
  private final Label back;

  PrimesTask(Assembler a, UserRuntime runtime) {
    this.a = a;
    this.runtime = runtime;
    this.code32 = a.label("primes32");
    this.back = a.label("primesBack");
  }

  @Override
  public String name() {
    return "primes";
  }

  @Override
  public void round() {
    sieve();
    a.cmp(EBX, PRIMES_BELOW_LIMIT).jne(runtime.wrong());
    // Into a 32-bit code segment by a far return, and back by a far jump.
    a.push(USER_CODE_32).push(offset(code32)).operandSize(64).emit(RETF);
    a.bind(back);
    a.cmp(EBP, PRIMES_BELOW_SMALL_LIMIT).jne(runtime.wrong());
    a.mov(EAX, EBX).shl(RAX, 32).shl(EBP, 16).or(RAX, RBP).add(RAX, R13);
  }

  /** EBX: how many there are. A bit of the field is set where the number is composite. */
  private void sieve() {
    Label next = a.label("sieveNext");
    Label cross = a.label("sieveCross");
    Label composite = a.label("sieveComposite");
    Label count = a.label("sieveCount");
    a.xor(EAX, EAX).mov(EDI, USER_DATA).mov(ECX, LIMIT / 64).rep().stos(8);
    a.mov(ECX, 2);
    a.bind(next).bt(abs(USER_DATA), ECX).jb(composite);
    a.mov(EDX, ECX).imul(EDX, ECX);
    a.bind(cross).bts(abs(USER_DATA), EDX).add(EDX, ECX).cmp(EDX, LIMIT).jb(cross);
    a.bind(composite).inc(ECX).mov(EAX, ECX).imul(EAX, EAX).cmp(EAX, LIMIT).jb(next);
    a.mov(ECX, LIMIT - 1).mov(EBX, LIMIT - 2);
    a.bind(count).bt(abs(USER_DATA), RCX).sbb(EBX, 0).dec(ECX).cmp(ECX, 1).jne(count);
  }

  /** EBP: how many are below a small limit, checked in decimal with AAM and DAA too. */
  @Override
  public void routines() {
    Label next = a.label("trialNext");
    Label divide = a.label("trialDivide");
    Label prime = a.label("trialPrime");
    Label composite = a.label("trialComposite");
    Label right = a.label("trialRight");
    a.mode(CodeMode.BITS32).bind(code32);
    a.xor(EBP, EBP).mov(ESI, 2);
    a.bind(next).pusha().mov(ECX, 2);
    a.bind(divide).mov(EAX, ECX).mul(ECX).cmp(EAX, ESI).ja(prime);
    a.mov(EAX, ESI).xor(EDX, EDX).div(ECX).test(EDX, EDX).je(composite).inc(ECX).jmp(divide);
    a.bind(prime).popa().inc(EBP).jmp(right);
    a.bind(composite).popa();
    a.bind(right).inc(ESI).cmp(ESI, SMALL_LIMIT).jb(next);
    // 62 as two decimal digits by AAM is 0602; 0x45 + 0x17 is 0x62 in packed decimal.
    Label agree = a.label("decimalAgrees");
    a.mov(EAX, EBP).emit(AAM, imm(10)).mov(ECX, EAX);
    a.mov(AL, 0x45).add(AL, 0x17).emit(DAA).mov(DL, CH).shl(DL, 4).or(DL, CL).cmp(AL, DL);
    a.je(agree).xor(EBP, EBP);
    a.bind(agree).mov(EAX, SystemCalls.YIELD).interrupt(0x80);
    a.jmpf(far(USER_CODE_64, back, 32)).mode(CodeMode.BITS64);
  }
}
