package dev.hindsight.x86.assembler;

import dev.hindsight.x86.Argument;
import dev.hindsight.x86.Mnemonic;

/** Jumps, calls, returns, loops and interrupts (Intel SDM volume 1, section 7.3.8). */
public interface ControlTransferInstructions extends Emitter {

  /** JMP. */
  default Assembler jmp(Argument operand) {
    return emit(Mnemonic.JMP, operand);
  }

  /** CALL. */
  default Assembler call(Argument operand) {
    return emit(Mnemonic.CALL, operand);
  }

  /** JMPF. */
  default Assembler jmpf(Argument operand) {
    return emit(Mnemonic.JMPF, operand);
  }

  /** CALLF. */
  default Assembler callf(Argument operand) {
    return emit(Mnemonic.CALLF, operand);
  }

  /** JMP with 8 bits of distance. */
  default Assembler jmpShort(Label target) {
    return emit(Mnemonic.JMP, new BranchTarget(target, false));
  }

  /** JMP with 16 or 32 bits of distance. */
  default Assembler jmpNear(Label target) {
    return emit(Mnemonic.JMP, new BranchTarget(target, true));
  }

  /**
   * A conditional jump.
   *
   * @param condition JO to JG
   */
  default Assembler jcc(Mnemonic condition, Label target) {
    return emit(condition, target);
  }

  /** JO. */
  default Assembler jo(Label target) {
    return emit(Mnemonic.JO, target);
  }

  /** JNO. */
  default Assembler jno(Label target) {
    return emit(Mnemonic.JNO, target);
  }

  /** JB. */
  default Assembler jb(Label target) {
    return emit(Mnemonic.JB, target);
  }

  /** JAE. */
  default Assembler jae(Label target) {
    return emit(Mnemonic.JAE, target);
  }

  /** JE. */
  default Assembler je(Label target) {
    return emit(Mnemonic.JE, target);
  }

  /** JNE. */
  default Assembler jne(Label target) {
    return emit(Mnemonic.JNE, target);
  }

  /** JBE. */
  default Assembler jbe(Label target) {
    return emit(Mnemonic.JBE, target);
  }

  /** JA. */
  default Assembler ja(Label target) {
    return emit(Mnemonic.JA, target);
  }

  /** JS. */
  default Assembler js(Label target) {
    return emit(Mnemonic.JS, target);
  }

  /** JNS. */
  default Assembler jns(Label target) {
    return emit(Mnemonic.JNS, target);
  }

  /** JP. */
  default Assembler jp(Label target) {
    return emit(Mnemonic.JP, target);
  }

  /** JNP. */
  default Assembler jnp(Label target) {
    return emit(Mnemonic.JNP, target);
  }

  /** JL. */
  default Assembler jl(Label target) {
    return emit(Mnemonic.JL, target);
  }

  /** JGE. */
  default Assembler jge(Label target) {
    return emit(Mnemonic.JGE, target);
  }

  /** JLE. */
  default Assembler jle(Label target) {
    return emit(Mnemonic.JLE, target);
  }

  /** JG. */
  default Assembler jg(Label target) {
    return emit(Mnemonic.JG, target);
  }

  /** JCXZ. */
  default Assembler jcxz(Label target) {
    return emit(Mnemonic.JCXZ, target);
  }

  /** JECXZ. */
  default Assembler jecxz(Label target) {
    return emit(Mnemonic.JECXZ, target);
  }

  /** JRCXZ. */
  default Assembler jrcxz(Label target) {
    return emit(Mnemonic.JRCXZ, target);
  }

  /** LOOP. */
  default Assembler loop(Label target) {
    return emit(Mnemonic.LOOP, target);
  }

  /** LOOPE. */
  default Assembler loope(Label target) {
    return emit(Mnemonic.LOOPE, target);
  }

  /** LOOPNE. */
  default Assembler loopne(Label target) {
    return emit(Mnemonic.LOOPNE, target);
  }

  /** RET. */
  default Assembler ret() {
    return emit(Mnemonic.RET);
  }

  /** RETF. */
  default Assembler retf() {
    return emit(Mnemonic.RETF);
  }

  /** IRET. */
  default Assembler iret() {
    return emit(Mnemonic.IRET);
  }

  /** INT3. */
  default Assembler int3() {
    return emit(Mnemonic.INT3);
  }

  /** INTO. */
  default Assembler into() {
    return emit(Mnemonic.INTO);
  }

  /** RET that also removes {@code bytes} bytes of arguments. */
  default Assembler ret(int bytes) {
    return emit(Mnemonic.RET, Arguments.imm(bytes));
  }

  /** INT: a software interrupt of vector 0 to 255. */
  default Assembler interrupt(int vector) {
    return emit(Mnemonic.INT, Arguments.imm(vector));
  }
}
