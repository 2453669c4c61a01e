package dev.hindsight.board.builtin;

import static dev.hindsight.board.builtin.MemoryLayout.USER_DATA;
import static dev.hindsight.x86.Mnemonic.FDIVRP;
import static dev.hindsight.x86.Mnemonic.FMUL;
import static dev.hindsight.x86.Mnemonic.PSHUFD;
import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.abs;
import static dev.hindsight.x86.assembler.Arguments.imm;
import static dev.hindsight.x86.assembler.Arguments.ptr;

import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;

/** Pi by a series on the x87, square roots by Newton in SSE2, sums of vectors. */
final class FloatTask implements ComputingTask {
  private static final int TERMS = 300;
  private static final int VECTOR_DOUBLEWORDS = 512;
  private static final long NUMBER = USER_DATA;
  private static final long RESULT = USER_DATA + 16;
  private static final long VECTOR = USER_DATA + 0x100;

  private final Assembler a;

  FloatTask(Assembler a) {
    this.a = a;
  }

  @Override
  public String name() {
    return "float";
  }

  @Override
  public void round() {
    series();
    newton();
    vectors();
    a.mov(RAX, abs(RESULT)).rol(RAX, 1).xor(RAX, RBX).rol(RAX, 1).xor(RAX, RBP);
  }

  /** The square root of six times the sum of 1/k², in extended precision; its significand. */
  private void series() {
    Label next = a.label("seriesNext");
    a.lea(ECX, ptr(R13, TERMS)).fldz();
    a.bind(next).mov(abs(NUMBER), ECX).fild(abs(NUMBER).bytes(4)).emit(FMUL, ST0, ST0);
    a.fld1().emit(FDIVRP, ST1, ST0).faddp(ST1, ST0).dec(ECX).jne(next);
    a.mov(abs(NUMBER).bytes(4), 6).fild(abs(NUMBER).bytes(4)).fmulp(ST1, ST0).fsqrt();
    a.fstp(abs(RESULT).bytes(10));
  }

  /** RBX: the bits of the square root of the round's number. */
  private void newton() {
    Label next = a.label("newtonNext");
    a.cvtsi2sd(XMM0, R13).movaps(XMM1, XMM0).mov(EAX, 1).cvtsi2sd(XMM3, RAX).addsd(XMM3, XMM3);
    a.mov(ECX, 30);
    a.bind(next).movaps(XMM2, XMM0).divsd(XMM2, XMM1).addsd(XMM1, XMM2).divsd(XMM1, XMM3);
    a.loop(next).movq(RBX, XMM1);
  }

  /** RBP: two of the four sums of a vector of integers, packed. */
  private void vectors() {
    Label fill = a.label("vectorFill");
    Label sum = a.label("vectorSum");
    a.mov(EAX, R13D).mov(EDI, VECTOR).mov(ECX, VECTOR_DOUBLEWORDS);
    a.bind(fill).imul(EAX, EAX, 69069).inc(EAX).stos(4).loop(fill);
    a.pxor(XMM4, XMM4).mov(ESI, VECTOR).mov(ECX, VECTOR_DOUBLEWORDS / 4);
    a.bind(sum).paddd(XMM4, ptr(RSI)).emit(PSHUFD, XMM5, XMM4, imm(0x39));
    a.movdqa(XMM4, XMM5).add(RSI, 16).loop(sum);
    a.movq(RBP, XMM4);
  }
}
