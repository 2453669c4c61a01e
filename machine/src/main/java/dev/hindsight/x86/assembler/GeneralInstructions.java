package dev.hindsight.x86.assembler;

import dev.hindsight.x86.Argument;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Register;

/** General-purpose instructions other than control transfers (Intel SDM volume 1, chapter 7). */
public interface GeneralInstructions extends Emitter {

  /** MOV. */
  default Assembler mov(Argument destination, Argument source) {
    return emit(Mnemonic.MOV, destination, source);
  }

  /** MOV with an immediate. */
  default Assembler mov(Argument destination, long immediate) {
    return emit(Mnemonic.MOV, destination, Arguments.imm(immediate));
  }

  /** ADD. */
  default Assembler add(Argument destination, Argument source) {
    return emit(Mnemonic.ADD, destination, source);
  }

  /** ADD with an immediate. */
  default Assembler add(Argument destination, long immediate) {
    return emit(Mnemonic.ADD, destination, Arguments.imm(immediate));
  }

  /** OR. */
  default Assembler or(Argument destination, Argument source) {
    return emit(Mnemonic.OR, destination, source);
  }

  /** OR with an immediate. */
  default Assembler or(Argument destination, long immediate) {
    return emit(Mnemonic.OR, destination, Arguments.imm(immediate));
  }

  /** ADC. */
  default Assembler adc(Argument destination, Argument source) {
    return emit(Mnemonic.ADC, destination, source);
  }

  /** ADC with an immediate. */
  default Assembler adc(Argument destination, long immediate) {
    return emit(Mnemonic.ADC, destination, Arguments.imm(immediate));
  }

  /** SBB. */
  default Assembler sbb(Argument destination, Argument source) {
    return emit(Mnemonic.SBB, destination, source);
  }

  /** SBB with an immediate. */
  default Assembler sbb(Argument destination, long immediate) {
    return emit(Mnemonic.SBB, destination, Arguments.imm(immediate));
  }

  /** AND. */
  default Assembler and(Argument destination, Argument source) {
    return emit(Mnemonic.AND, destination, source);
  }

  /** AND with an immediate. */
  default Assembler and(Argument destination, long immediate) {
    return emit(Mnemonic.AND, destination, Arguments.imm(immediate));
  }

  /** SUB. */
  default Assembler sub(Argument destination, Argument source) {
    return emit(Mnemonic.SUB, destination, source);
  }

  /** SUB with an immediate. */
  default Assembler sub(Argument destination, long immediate) {
    return emit(Mnemonic.SUB, destination, Arguments.imm(immediate));
  }

  /** XOR. */
  default Assembler xor(Argument destination, Argument source) {
    return emit(Mnemonic.XOR, destination, source);
  }

  /** XOR with an immediate. */
  default Assembler xor(Argument destination, long immediate) {
    return emit(Mnemonic.XOR, destination, Arguments.imm(immediate));
  }

  /** CMP. */
  default Assembler cmp(Argument destination, Argument source) {
    return emit(Mnemonic.CMP, destination, source);
  }

  /** CMP with an immediate. */
  default Assembler cmp(Argument destination, long immediate) {
    return emit(Mnemonic.CMP, destination, Arguments.imm(immediate));
  }

  /** TEST. */
  default Assembler test(Argument destination, Argument source) {
    return emit(Mnemonic.TEST, destination, source);
  }

  /** TEST with an immediate. */
  default Assembler test(Argument destination, long immediate) {
    return emit(Mnemonic.TEST, destination, Arguments.imm(immediate));
  }

  /** SHL. */
  default Assembler shl(Argument destination, Argument source) {
    return emit(Mnemonic.SHL, destination, source);
  }

  /** SHL with an immediate. */
  default Assembler shl(Argument destination, long immediate) {
    return emit(Mnemonic.SHL, destination, Arguments.imm(immediate));
  }

  /** SHR. */
  default Assembler shr(Argument destination, Argument source) {
    return emit(Mnemonic.SHR, destination, source);
  }

  /** SHR with an immediate. */
  default Assembler shr(Argument destination, long immediate) {
    return emit(Mnemonic.SHR, destination, Arguments.imm(immediate));
  }

  /** SAR. */
  default Assembler sar(Argument destination, Argument source) {
    return emit(Mnemonic.SAR, destination, source);
  }

  /** SAR with an immediate. */
  default Assembler sar(Argument destination, long immediate) {
    return emit(Mnemonic.SAR, destination, Arguments.imm(immediate));
  }

  /** ROL. */
  default Assembler rol(Argument destination, Argument source) {
    return emit(Mnemonic.ROL, destination, source);
  }

  /** ROL with an immediate. */
  default Assembler rol(Argument destination, long immediate) {
    return emit(Mnemonic.ROL, destination, Arguments.imm(immediate));
  }

  /** ROR. */
  default Assembler ror(Argument destination, Argument source) {
    return emit(Mnemonic.ROR, destination, source);
  }

  /** ROR with an immediate. */
  default Assembler ror(Argument destination, long immediate) {
    return emit(Mnemonic.ROR, destination, Arguments.imm(immediate));
  }

  /** RCL. */
  default Assembler rcl(Argument destination, Argument source) {
    return emit(Mnemonic.RCL, destination, source);
  }

  /** RCL with an immediate. */
  default Assembler rcl(Argument destination, long immediate) {
    return emit(Mnemonic.RCL, destination, Arguments.imm(immediate));
  }

  /** RCR. */
  default Assembler rcr(Argument destination, Argument source) {
    return emit(Mnemonic.RCR, destination, source);
  }

  /** RCR with an immediate. */
  default Assembler rcr(Argument destination, long immediate) {
    return emit(Mnemonic.RCR, destination, Arguments.imm(immediate));
  }

  /** BT. */
  default Assembler bt(Argument destination, Argument source) {
    return emit(Mnemonic.BT, destination, source);
  }

  /** BT with an immediate. */
  default Assembler bt(Argument destination, long immediate) {
    return emit(Mnemonic.BT, destination, Arguments.imm(immediate));
  }

  /** BTS. */
  default Assembler bts(Argument destination, Argument source) {
    return emit(Mnemonic.BTS, destination, source);
  }

  /** BTS with an immediate. */
  default Assembler bts(Argument destination, long immediate) {
    return emit(Mnemonic.BTS, destination, Arguments.imm(immediate));
  }

  /** BTR. */
  default Assembler btr(Argument destination, Argument source) {
    return emit(Mnemonic.BTR, destination, source);
  }

  /** BTR with an immediate. */
  default Assembler btr(Argument destination, long immediate) {
    return emit(Mnemonic.BTR, destination, Arguments.imm(immediate));
  }

  /** BTC. */
  default Assembler btc(Argument destination, Argument source) {
    return emit(Mnemonic.BTC, destination, source);
  }

  /** BTC with an immediate. */
  default Assembler btc(Argument destination, long immediate) {
    return emit(Mnemonic.BTC, destination, Arguments.imm(immediate));
  }

  /** XCHG. */
  default Assembler xchg(Argument destination, Argument source) {
    return emit(Mnemonic.XCHG, destination, source);
  }

  /** XADD. */
  default Assembler xadd(Argument destination, Argument source) {
    return emit(Mnemonic.XADD, destination, source);
  }

  /** CMPXCHG. */
  default Assembler cmpxchg(Argument destination, Argument source) {
    return emit(Mnemonic.CMPXCHG, destination, source);
  }

  /** LEA. */
  default Assembler lea(Argument destination, Argument source) {
    return emit(Mnemonic.LEA, destination, source);
  }

  /** MOVZX. */
  default Assembler movzx(Argument destination, Argument source) {
    return emit(Mnemonic.MOVZX, destination, source);
  }

  /** MOVSX. */
  default Assembler movsx(Argument destination, Argument source) {
    return emit(Mnemonic.MOVSX, destination, source);
  }

  /** MOVSXD. */
  default Assembler movsxd(Argument destination, Argument source) {
    return emit(Mnemonic.MOVSXD, destination, source);
  }

  /** BSF. */
  default Assembler bsf(Argument destination, Argument source) {
    return emit(Mnemonic.BSF, destination, source);
  }

  /** BSR. */
  default Assembler bsr(Argument destination, Argument source) {
    return emit(Mnemonic.BSR, destination, source);
  }

  /** POPCNT. */
  default Assembler popcnt(Argument destination, Argument source) {
    return emit(Mnemonic.POPCNT, destination, source);
  }

  /** IMUL. */
  default Assembler imul(Argument destination, Argument source) {
    return emit(Mnemonic.IMUL, destination, source);
  }

  /** CMOVE. */
  default Assembler cmove(Argument destination, Argument source) {
    return emit(Mnemonic.CMOVE, destination, source);
  }

  /** CMOVNE. */
  default Assembler cmovne(Argument destination, Argument source) {
    return emit(Mnemonic.CMOVNE, destination, source);
  }

  /** CMOVB. */
  default Assembler cmovb(Argument destination, Argument source) {
    return emit(Mnemonic.CMOVB, destination, source);
  }

  /** CMOVAE. */
  default Assembler cmovae(Argument destination, Argument source) {
    return emit(Mnemonic.CMOVAE, destination, source);
  }

  /** CMOVA. */
  default Assembler cmova(Argument destination, Argument source) {
    return emit(Mnemonic.CMOVA, destination, source);
  }

  /** CMOVBE. */
  default Assembler cmovbe(Argument destination, Argument source) {
    return emit(Mnemonic.CMOVBE, destination, source);
  }

  /** CMOVL. */
  default Assembler cmovl(Argument destination, Argument source) {
    return emit(Mnemonic.CMOVL, destination, source);
  }

  /** CMOVGE. */
  default Assembler cmovge(Argument destination, Argument source) {
    return emit(Mnemonic.CMOVGE, destination, source);
  }

  /** CMOVLE. */
  default Assembler cmovle(Argument destination, Argument source) {
    return emit(Mnemonic.CMOVLE, destination, source);
  }

  /** CMOVG. */
  default Assembler cmovg(Argument destination, Argument source) {
    return emit(Mnemonic.CMOVG, destination, source);
  }

  /** IMUL with three operands. */
  default Assembler imul(Argument destination, Argument source, long immediate) {
    return emit(Mnemonic.IMUL, destination, source, Arguments.imm(immediate));
  }

  /** SHLD by a constant. */
  default Assembler shld(Argument destination, Register source, int count) {
    return emit(Mnemonic.SHLD, destination, source, Arguments.imm(count));
  }

  /** SHRD by a constant. */
  default Assembler shrd(Argument destination, Register source, int count) {
    return emit(Mnemonic.SHRD, destination, source, Arguments.imm(count));
  }

  /** INC. */
  default Assembler inc(Argument operand) {
    return emit(Mnemonic.INC, operand);
  }

  /** DEC. */
  default Assembler dec(Argument operand) {
    return emit(Mnemonic.DEC, operand);
  }

  /** NEG. */
  default Assembler neg(Argument operand) {
    return emit(Mnemonic.NEG, operand);
  }

  /** NOT. */
  default Assembler not(Argument operand) {
    return emit(Mnemonic.NOT, operand);
  }

  /** MUL. */
  default Assembler mul(Argument operand) {
    return emit(Mnemonic.MUL, operand);
  }

  /** DIV. */
  default Assembler div(Argument operand) {
    return emit(Mnemonic.DIV, operand);
  }

  /** IDIV. */
  default Assembler idiv(Argument operand) {
    return emit(Mnemonic.IDIV, operand);
  }

  /** BSWAP. */
  default Assembler bswap(Argument operand) {
    return emit(Mnemonic.BSWAP, operand);
  }

  /** PUSH. */
  default Assembler push(Argument operand) {
    return emit(Mnemonic.PUSH, operand);
  }

  /** POP. */
  default Assembler pop(Argument operand) {
    return emit(Mnemonic.POP, operand);
  }

  /** CMPXCHG8B. */
  default Assembler cmpxchg8b(Argument operand) {
    return emit(Mnemonic.CMPXCHG8B, operand);
  }

  /** CMPXCHG16B. */
  default Assembler cmpxchg16b(Argument operand) {
    return emit(Mnemonic.CMPXCHG16B, operand);
  }

  /** SETE. */
  default Assembler sete(Argument operand) {
    return emit(Mnemonic.SETE, operand);
  }

  /** SETNE. */
  default Assembler setne(Argument operand) {
    return emit(Mnemonic.SETNE, operand);
  }

  /** SETB. */
  default Assembler setb(Argument operand) {
    return emit(Mnemonic.SETB, operand);
  }

  /** SETAE. */
  default Assembler setae(Argument operand) {
    return emit(Mnemonic.SETAE, operand);
  }

  /** SETA. */
  default Assembler seta(Argument operand) {
    return emit(Mnemonic.SETA, operand);
  }

  /** SETBE. */
  default Assembler setbe(Argument operand) {
    return emit(Mnemonic.SETBE, operand);
  }

  /** SETL. */
  default Assembler setl(Argument operand) {
    return emit(Mnemonic.SETL, operand);
  }

  /** SETGE. */
  default Assembler setge(Argument operand) {
    return emit(Mnemonic.SETGE, operand);
  }

  /** SETLE. */
  default Assembler setle(Argument operand) {
    return emit(Mnemonic.SETLE, operand);
  }

  /** SETG. */
  default Assembler setg(Argument operand) {
    return emit(Mnemonic.SETG, operand);
  }

  /** PUSH of an immediate. */
  default Assembler push(long immediate) {
    return emit(Mnemonic.PUSH, Arguments.imm(immediate));
  }

  /** NOP. */
  default Assembler nop() {
    return emit(Mnemonic.NOP);
  }

  /** CBW. */
  default Assembler cbw() {
    return emit(Mnemonic.CBW);
  }

  /** CWDE. */
  default Assembler cwde() {
    return emit(Mnemonic.CWDE);
  }

  /** CDQE. */
  default Assembler cdqe() {
    return emit(Mnemonic.CDQE);
  }

  /** CWD. */
  default Assembler cwd() {
    return emit(Mnemonic.CWD);
  }

  /** CDQ. */
  default Assembler cdq() {
    return emit(Mnemonic.CDQ);
  }

  /** CQO. */
  default Assembler cqo() {
    return emit(Mnemonic.CQO);
  }

  /** PUSHF. */
  default Assembler pushf() {
    return emit(Mnemonic.PUSHF);
  }

  /** POPF. */
  default Assembler popf() {
    return emit(Mnemonic.POPF);
  }

  /** PUSHA. */
  default Assembler pusha() {
    return emit(Mnemonic.PUSHA);
  }

  /** POPA. */
  default Assembler popa() {
    return emit(Mnemonic.POPA);
  }

  /** LAHF. */
  default Assembler lahf() {
    return emit(Mnemonic.LAHF);
  }

  /** SAHF. */
  default Assembler sahf() {
    return emit(Mnemonic.SAHF);
  }

  /** CLC. */
  default Assembler clc() {
    return emit(Mnemonic.CLC);
  }

  /** STC. */
  default Assembler stc() {
    return emit(Mnemonic.STC);
  }

  /** CMC. */
  default Assembler cmc() {
    return emit(Mnemonic.CMC);
  }

  /** CLD. */
  default Assembler cld() {
    return emit(Mnemonic.CLD);
  }

  /** STD. */
  default Assembler std() {
    return emit(Mnemonic.STD);
  }

  /** LEAVE. */
  default Assembler leave() {
    return emit(Mnemonic.LEAVE);
  }

  /** XLAT. */
  default Assembler xlat() {
    return emit(Mnemonic.XLAT);
  }

  /** PAUSE. */
  default Assembler pause() {
    return emit(Mnemonic.PAUSE);
  }

  /** CPUID. */
  default Assembler cpuid() {
    return emit(Mnemonic.CPUID);
  }

  /** UD2. */
  default Assembler ud2() {
    return emit(Mnemonic.UD2);
  }

  /** ENTER: a stack frame of {@code bytes} bytes at nesting level 0. */
  default Assembler enter(int bytes) {
    return emit(Mnemonic.ENTER, Arguments.imm(bytes), Arguments.imm(0));
  }
}
