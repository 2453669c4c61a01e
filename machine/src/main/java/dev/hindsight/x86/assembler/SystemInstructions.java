package dev.hindsight.x86.assembler;

import dev.hindsight.x86.Argument;
import dev.hindsight.x86.Mnemonic;

/** Instructions of operating systems, and port I/O (Intel SDM volume 3). */
public interface SystemInstructions extends Emitter {

  /** LGDT. */
  default Assembler lgdt(Argument operand) {
    return emit(Mnemonic.LGDT, operand);
  }

  /** LIDT. */
  default Assembler lidt(Argument operand) {
    return emit(Mnemonic.LIDT, operand);
  }

  /** SGDT. */
  default Assembler sgdt(Argument operand) {
    return emit(Mnemonic.SGDT, operand);
  }

  /** SIDT. */
  default Assembler sidt(Argument operand) {
    return emit(Mnemonic.SIDT, operand);
  }

  /** LLDT. */
  default Assembler lldt(Argument operand) {
    return emit(Mnemonic.LLDT, operand);
  }

  /** LTR. */
  default Assembler ltr(Argument operand) {
    return emit(Mnemonic.LTR, operand);
  }

  /** LMSW. */
  default Assembler lmsw(Argument operand) {
    return emit(Mnemonic.LMSW, operand);
  }

  /** SMSW. */
  default Assembler smsw(Argument operand) {
    return emit(Mnemonic.SMSW, operand);
  }

  /** INVLPG. */
  default Assembler invlpg(Argument operand) {
    return emit(Mnemonic.INVLPG, operand);
  }

  /** FXSAVE. */
  default Assembler fxsave(Argument operand) {
    return emit(Mnemonic.FXSAVE, operand);
  }

  /** FXRSTOR. */
  default Assembler fxrstor(Argument operand) {
    return emit(Mnemonic.FXRSTOR, operand);
  }

  /** CLI. */
  default Assembler cli() {
    return emit(Mnemonic.CLI);
  }

  /** STI. */
  default Assembler sti() {
    return emit(Mnemonic.STI);
  }

  /** HLT. */
  default Assembler hlt() {
    return emit(Mnemonic.HLT);
  }

  /** CLTS. */
  default Assembler clts() {
    return emit(Mnemonic.CLTS);
  }

  /** RDMSR. */
  default Assembler rdmsr() {
    return emit(Mnemonic.RDMSR);
  }

  /** WRMSR. */
  default Assembler wrmsr() {
    return emit(Mnemonic.WRMSR);
  }

  /** RDTSC. */
  default Assembler rdtsc() {
    return emit(Mnemonic.RDTSC);
  }

  /** SWAPGS. */
  default Assembler swapgs() {
    return emit(Mnemonic.SWAPGS);
  }

  /** SYSCALL. */
  default Assembler syscall() {
    return emit(Mnemonic.SYSCALL);
  }

  /** SYSRET. */
  default Assembler sysret() {
    return emit(Mnemonic.SYSRET);
  }

  /** SYSENTER. */
  default Assembler sysenter() {
    return emit(Mnemonic.SYSENTER);
  }

  /** SYSEXIT. */
  default Assembler sysexit() {
    return emit(Mnemonic.SYSEXIT);
  }

  /** WBINVD. */
  default Assembler wbinvd() {
    return emit(Mnemonic.WBINVD);
  }

  /** MFENCE. */
  default Assembler mfence() {
    return emit(Mnemonic.MFENCE);
  }

  /** LFENCE. */
  default Assembler lfence() {
    return emit(Mnemonic.LFENCE);
  }

  /** SFENCE. */
  default Assembler sfence() {
    return emit(Mnemonic.SFENCE);
  }

  /** IN from the port in DX. */
  default Assembler in(Argument accumulator, Argument dx) {
    return emit(Mnemonic.IN, accumulator, dx);
  }

  /** IN from a port below 0x100. */
  default Assembler in(Argument accumulator, int port) {
    return emit(Mnemonic.IN, accumulator, Arguments.imm(port));
  }

  /** OUT to the port in DX. */
  default Assembler out(Argument dx, Argument accumulator) {
    return emit(Mnemonic.OUT, dx, accumulator);
  }

  /** OUT to a port below 0x100. */
  default Assembler out(int port, Argument accumulator) {
    return emit(Mnemonic.OUT, Arguments.imm(port), accumulator);
  }
}
