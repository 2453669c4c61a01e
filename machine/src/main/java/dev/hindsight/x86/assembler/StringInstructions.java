package dev.hindsight.x86.assembler;

import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Register;

/**
 * String instructions (Intel SDM volume 1, section 7.3.9). The sizes are in bytes; addresses are of
 * the effective address size, through DS:SI and ES:DI.
 */
public interface StringInstructions extends Emitter {
  /** MOVS of 1, 2, 4 or 8 bytes. */
  default Assembler movs(int bytes) {
    return emit(Mnemonic.MOVS, destination(bytes), source(bytes));
  }

  /** CMPS of 1, 2, 4 or 8 bytes. */
  default Assembler cmps(int bytes) {
    return emit(Mnemonic.CMPS, source(bytes), destination(bytes));
  }

  /** SCAS of 1, 2, 4 or 8 bytes. */
  default Assembler scas(int bytes) {
    return emit(Mnemonic.SCAS, accumulator(bytes), destination(bytes));
  }

  /** LODS of 1, 2, 4 or 8 bytes. */
  default Assembler lods(int bytes) {
    return emit(Mnemonic.LODS, accumulator(bytes), source(bytes));
  }

  /** STOS of 1, 2, 4 or 8 bytes. */
  default Assembler stos(int bytes) {
    return emit(Mnemonic.STOS, destination(bytes), accumulator(bytes));
  }

  /** INS of 1, 2 or 4 bytes. */
  default Assembler ins(int bytes) {
    return emit(Mnemonic.INS, destination(bytes), Register.DX);
  }

  /** OUTS of 1, 2 or 4 bytes. */
  default Assembler outs(int bytes) {
    return emit(Mnemonic.OUTS, Register.DX, source(bytes));
  }

  private static Register accumulator(int bytes) {
    return Register.general(0, bytes * 8);
  }

  private MemoryOperand source(int bytes) {
    return indexed(Register.DS, 6, bytes);
  }

  private MemoryOperand destination(int bytes) {
    return indexed(Register.ES, 7, bytes);
  }

  private MemoryOperand indexed(Register segment, int number, int bytes) {
    Register base = Register.general(number, addressBits());
    return new MemoryOperand(segment, base, null, 1, 0, addressBits(), false, bytes * 8);
  }
}
