package dev.hindsight.x86.assembler;

import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Operand;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What the encoder is asked for.
 *
 * @param mode the mode of the code
 * @param mnemonic the instruction
 * @param prefixes LOCK, REP and REPNE of {@link dev.hindsight.x86.Prefixes}
 * @param operandBits effective operand size that is wanted: 16, 32 or 64, or 0 to take it from the
 *     operands, and failing that the mode's default
 * @param addressBits effective address size that is wanted: 16, 32 or 64, or 0 to take it from the
 *     operands, and failing that the mode's default
 * @param operands operands in Intel's order; those whose size is 0 take the size that fits
 * @param wide fields for which the short form is not to be taken
 */
record EncodingRequest(
    CodeMode mode,
    Mnemonic mnemonic,
    int prefixes,
    int operandBits,
    int addressBits,
    List<Operand> operands,
    Set<WideField> wide) {

  EncodingRequest(
      CodeMode mode, Mnemonic mnemonic, int prefixes, int operandBits, int addressBits) {
    this(
        mode,
        mnemonic,
        prefixes,
        operandBits,
        addressBits,
        List.of(),
        EnumSet.noneOf(WideField.class));
  }

  EncodingRequest with(List<Operand> newOperands, Set<WideField> newWide) {
    return new EncodingRequest(
        mode, mnemonic, prefixes, operandBits, addressBits, newOperands, newWide);
  }
}
