package dev.hindsight.x86.assembler;

import dev.hindsight.x86.Argument;
import dev.hindsight.x86.Mnemonic;

/** The most common x87 and scalar SSE2 instructions (Intel SDM volume 1, chapters 8 and 11). */
public interface FloatingPointInstructions extends Emitter {

  /** FLD. */
  default Assembler fld(Argument operand) {
    return emit(Mnemonic.FLD, operand);
  }

  /** FST. */
  default Assembler fst(Argument operand) {
    return emit(Mnemonic.FST, operand);
  }

  /** FSTP. */
  default Assembler fstp(Argument operand) {
    return emit(Mnemonic.FSTP, operand);
  }

  /** FILD. */
  default Assembler fild(Argument operand) {
    return emit(Mnemonic.FILD, operand);
  }

  /** FIST. */
  default Assembler fist(Argument operand) {
    return emit(Mnemonic.FIST, operand);
  }

  /** FISTP. */
  default Assembler fistp(Argument operand) {
    return emit(Mnemonic.FISTP, operand);
  }

  /** FLDCW. */
  default Assembler fldcw(Argument operand) {
    return emit(Mnemonic.FLDCW, operand);
  }

  /** FNSTCW. */
  default Assembler fnstcw(Argument operand) {
    return emit(Mnemonic.FNSTCW, operand);
  }

  /** FNSTSW. */
  default Assembler fnstsw(Argument operand) {
    return emit(Mnemonic.FNSTSW, operand);
  }

  /** FXCH. */
  default Assembler fxch(Argument operand) {
    return emit(Mnemonic.FXCH, operand);
  }

  /** LDMXCSR. */
  default Assembler ldmxcsr(Argument operand) {
    return emit(Mnemonic.LDMXCSR, operand);
  }

  /** STMXCSR. */
  default Assembler stmxcsr(Argument operand) {
    return emit(Mnemonic.STMXCSR, operand);
  }

  /** FADD. */
  default Assembler fadd(Argument destination, Argument source) {
    return emit(Mnemonic.FADD, destination, source);
  }

  /** FSUB. */
  default Assembler fsub(Argument destination, Argument source) {
    return emit(Mnemonic.FSUB, destination, source);
  }

  /** FSUBR. */
  default Assembler fsubr(Argument destination, Argument source) {
    return emit(Mnemonic.FSUBR, destination, source);
  }

  /** FMUL. */
  default Assembler fmul(Argument destination, Argument source) {
    return emit(Mnemonic.FMUL, destination, source);
  }

  /** FDIV. */
  default Assembler fdiv(Argument destination, Argument source) {
    return emit(Mnemonic.FDIV, destination, source);
  }

  /** FDIVR. */
  default Assembler fdivr(Argument destination, Argument source) {
    return emit(Mnemonic.FDIVR, destination, source);
  }

  /** FADDP. */
  default Assembler faddp(Argument destination, Argument source) {
    return emit(Mnemonic.FADDP, destination, source);
  }

  /** FSUBP. */
  default Assembler fsubp(Argument destination, Argument source) {
    return emit(Mnemonic.FSUBP, destination, source);
  }

  /** FSUBRP. */
  default Assembler fsubrp(Argument destination, Argument source) {
    return emit(Mnemonic.FSUBRP, destination, source);
  }

  /** FMULP. */
  default Assembler fmulp(Argument destination, Argument source) {
    return emit(Mnemonic.FMULP, destination, source);
  }

  /** FDIVP. */
  default Assembler fdivp(Argument destination, Argument source) {
    return emit(Mnemonic.FDIVP, destination, source);
  }

  /** FDIVRP. */
  default Assembler fdivrp(Argument destination, Argument source) {
    return emit(Mnemonic.FDIVRP, destination, source);
  }

  /** FCOMIP. */
  default Assembler fcomip(Argument destination, Argument source) {
    return emit(Mnemonic.FCOMIP, destination, source);
  }

  /** MOVAPS. */
  default Assembler movaps(Argument destination, Argument source) {
    return emit(Mnemonic.MOVAPS, destination, source);
  }

  /** MOVUPS. */
  default Assembler movups(Argument destination, Argument source) {
    return emit(Mnemonic.MOVUPS, destination, source);
  }

  /** MOVDQA. */
  default Assembler movdqa(Argument destination, Argument source) {
    return emit(Mnemonic.MOVDQA, destination, source);
  }

  /** MOVDQU. */
  default Assembler movdqu(Argument destination, Argument source) {
    return emit(Mnemonic.MOVDQU, destination, source);
  }

  /** MOVD. */
  default Assembler movd(Argument destination, Argument source) {
    return emit(Mnemonic.MOVD, destination, source);
  }

  /** MOVQ. */
  default Assembler movq(Argument destination, Argument source) {
    return emit(Mnemonic.MOVQ, destination, source);
  }

  /** MOVSD. */
  default Assembler movsd(Argument destination, Argument source) {
    return emit(Mnemonic.MOVSD, destination, source);
  }

  /** ADDSD. */
  default Assembler addsd(Argument destination, Argument source) {
    return emit(Mnemonic.ADDSD, destination, source);
  }

  /** SUBSD. */
  default Assembler subsd(Argument destination, Argument source) {
    return emit(Mnemonic.SUBSD, destination, source);
  }

  /** MULSD. */
  default Assembler mulsd(Argument destination, Argument source) {
    return emit(Mnemonic.MULSD, destination, source);
  }

  /** DIVSD. */
  default Assembler divsd(Argument destination, Argument source) {
    return emit(Mnemonic.DIVSD, destination, source);
  }

  /** SQRTSD. */
  default Assembler sqrtsd(Argument destination, Argument source) {
    return emit(Mnemonic.SQRTSD, destination, source);
  }

  /** COMISD. */
  default Assembler comisd(Argument destination, Argument source) {
    return emit(Mnemonic.COMISD, destination, source);
  }

  /** CVTSI2SD. */
  default Assembler cvtsi2sd(Argument destination, Argument source) {
    return emit(Mnemonic.CVTSI2SD, destination, source);
  }

  /** CVTTSD2SI. */
  default Assembler cvttsd2si(Argument destination, Argument source) {
    return emit(Mnemonic.CVTTSD2SI, destination, source);
  }

  /** CVTSD2SI. */
  default Assembler cvtsd2si(Argument destination, Argument source) {
    return emit(Mnemonic.CVTSD2SI, destination, source);
  }

  /** PXOR. */
  default Assembler pxor(Argument destination, Argument source) {
    return emit(Mnemonic.PXOR, destination, source);
  }

  /** PADDD. */
  default Assembler paddd(Argument destination, Argument source) {
    return emit(Mnemonic.PADDD, destination, source);
  }

  /** PADDQ. */
  default Assembler paddq(Argument destination, Argument source) {
    return emit(Mnemonic.PADDQ, destination, source);
  }

  /** PADDB. */
  default Assembler paddb(Argument destination, Argument source) {
    return emit(Mnemonic.PADDB, destination, source);
  }

  /** FNINIT. */
  default Assembler fninit() {
    return emit(Mnemonic.FNINIT);
  }

  /** FLD1. */
  default Assembler fld1() {
    return emit(Mnemonic.FLD1);
  }

  /** FLDZ. */
  default Assembler fldz() {
    return emit(Mnemonic.FLDZ);
  }

  /** FLDPI. */
  default Assembler fldpi() {
    return emit(Mnemonic.FLDPI);
  }

  /** FABS. */
  default Assembler fabs() {
    return emit(Mnemonic.FABS);
  }

  /** FCHS. */
  default Assembler fchs() {
    return emit(Mnemonic.FCHS);
  }

  /** FSQRT. */
  default Assembler fsqrt() {
    return emit(Mnemonic.FSQRT);
  }

  /** FSIN. */
  default Assembler fsin() {
    return emit(Mnemonic.FSIN);
  }

  /** FCOS. */
  default Assembler fcos() {
    return emit(Mnemonic.FCOS);
  }

  /** FRNDINT. */
  default Assembler frndint() {
    return emit(Mnemonic.FRNDINT);
  }

  /** FNCLEX. */
  default Assembler fnclex() {
    return emit(Mnemonic.FNCLEX);
  }

  /** FWAIT. */
  default Assembler fwait() {
    return emit(Mnemonic.FWAIT);
  }
}
