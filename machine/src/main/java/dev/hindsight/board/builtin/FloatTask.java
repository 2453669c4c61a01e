package dev.hindsight.board.builtin;

import static dev.hindsight.board.builtin.MemoryLayout.USER_DATA;
import static dev.hindsight.x86.Mnemonic.FDIVRP;
import static dev.hindsight.x86.Mnemonic.FMUL;
import static dev.hindsight.x86.Mnemonic.PSHUFD;
import static dev.hindsight.x86.Mnemonic.VEXTRACTI128;
import static dev.hindsight.x86.Mnemonic.VMOVD;
import static dev.hindsight.x86.Mnemonic.VPADDD;
import static dev.hindsight.x86.Mnemonic.VPSHUFD;
import static dev.hindsight.x86.Mnemonic.VPXOR;
import static dev.hindsight.x86.Mnemonic.VZEROUPPER;
import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.abs;
import static dev.hindsight.x86.assembler.Arguments.imm;
import static dev.hindsight.x86.assembler.Arguments.ptr;

import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;

/** Pi by a series on the x87, square roots by Newton in SSE2, sums of vectors, with AVX2 too. */
final class FloatTask implements ComputingTask {
  /** Of CPUID leaf 1, in ECX. */
  private static final int OSXSAVE_AND_AVX = 3 << 27;

  private static final int TERMS = 300;
  private static final int VECTOR_DOUBLEWORDS = 512;
  private static final long NUMBER = USER_DATA;
  private static final long RESULT = USER_DATA + 16;
  private static final long VECTOR = USER_DATA + 0x100;

  private final Assembler a;
  private final UserRuntime runtime;

  FloatTask(Assembler a, UserRuntime runtime) {
    this.a = a;
    this.runtime = runtime;
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
    wideVectors();
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

  /**
   * With AVX2, adds up the vector's doublewords eight at a time and compares the sum with that of
   * additions one by one. In between it lets other tasks run, for the registers to survive that.
   */
  private void wideVectors() {
    Label without = a.label("withoutAvx2");
    Label sum = a.label("wideSum");
    Label single = a.label("singleSum");
    a.push(RBX).mov(EAX, 1).cpuid().and(ECX, OSXSAVE_AND_AVX).cmp(ECX, OSXSAVE_AND_AVX);
    a.jne(without).mov(EAX, 7).xor(ECX, ECX).cpuid().test(EBX, 1 << 5).je(without);
    a.emit(VPXOR, YMM6, YMM6, YMM6).mov(ESI, VECTOR).mov(ECX, VECTOR_DOUBLEWORDS / 8);
    a.bind(sum).emit(VPADDD, YMM6, YMM6, ptr(RSI)).add(RSI, 32).loop(sum);
    runtime.systemCall(SystemCalls.YIELD);
    a.emit(VEXTRACTI128, XMM7, YMM6, imm(1)).emit(VPADDD, XMM6, XMM6, XMM7);
    a.emit(VPSHUFD, XMM7, XMM6, imm(0x4E)).emit(VPADDD, XMM6, XMM6, XMM7);
    a.emit(VPSHUFD, XMM7, XMM6, imm(0xB1)).emit(VPADDD, XMM6, XMM6, XMM7);
    a.emit(VMOVD, EDX, XMM6).emit(VZEROUPPER);
    a.xor(EAX, EAX).mov(ESI, VECTOR).mov(ECX, VECTOR_DOUBLEWORDS);
    a.bind(single).add(EAX, ptr(RSI)).add(RSI, 4).loop(single);
    a.cmp(EAX, EDX).jne(runtime.wrong());
    a.bind(without).pop(RBX);
  }
}
