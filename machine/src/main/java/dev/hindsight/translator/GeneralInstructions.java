package dev.hindsight.translator;

import dev.hindsight.x86.Instruction;

/**
 * Emits innocent instructions on general registers and memory.
 *
 * <p>Results and flags that the manual leaves undefined are those of docs/undefined.md: where
 * processors of one maker or the other differ from it, code is added that makes them so.
 */
final class GeneralInstructions {
  private final MoveInstructions moves;
  private final ArithmeticInstructions arithmetic;
  private final ShiftInstructions shifts;
  private final MultiplyAndDivide multiply;
  private final BitInstructions bits;

  GeneralInstructions(BlockWriter block, OperandEmitter operands, Host host) {
    moves = new MoveInstructions(block, operands);
    arithmetic = new ArithmeticInstructions(block, operands);
    shifts = new ShiftInstructions(block, operands, host);
    multiply = new MultiplyAndDivide(block, operands);
    bits = new BitInstructions(block, operands);
  }

  /** Emits an instruction; false, with nothing emitted, if it is none of these. */
  boolean emit(Instruction in) {
    return switch (in.mnemonic()) {
      case NOP,
          PAUSE,
          ENDBR32,
          ENDBR64,
          LFENCE,
          MFENCE,
          SFENCE,
          PREFETCH,
          PREFETCHW,
          PREFETCHNTA,
          PREFETCHT0,
          PREFETCHT1,
          PREFETCHT2 ->
          true;
      default ->
          moves.emit(in)
              || arithmetic.emit(in)
              || shifts.emit(in)
              || multiply.emit(in)
              || bits.emit(in);
    };
  }
}
