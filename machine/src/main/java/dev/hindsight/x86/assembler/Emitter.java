package dev.hindsight.x86.assembler;

import dev.hindsight.x86.Argument;
import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.Mnemonic;

/** What the methods with the manual's names are built on. */
public interface Emitter {
  /**
   * Writes one instruction, with the prefixes that were asked for since the last one.
   *
   * @param mnemonic its name
   * @param arguments its operands in Intel's order; a {@link Label} where it branches
   * @throws IllegalArgumentException if no form of the instruction takes these operands in the
   *     present mode
   */
  Assembler emit(Mnemonic mnemonic, Argument... arguments);

  /** The mode of the code that is being written. */
  CodeMode mode();

  /** The effective address size of the next instruction, as far as no operand says otherwise. */
  int addressBits();
}
