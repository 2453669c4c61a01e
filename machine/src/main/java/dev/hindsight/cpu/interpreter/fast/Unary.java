package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.instructions.general.Arithmetic;
import dev.hindsight.x86.Mnemonic;

/** INC, DEC, NOT and NEG. */
final class Unary {
  static final int INC = 0;
  static final int DEC = 1;
  static final int NOT = 2;
  static final int NEG = 3;

  /** Not one of them. */
  static final int NONE = -1;

  private Unary() {}

  /** The number of a mnemonic, or {@link #NONE}. */
  static int number(Mnemonic mnemonic) {
    return switch (mnemonic) {
      case INC -> INC;
      case DEC -> DEC;
      case NOT -> NOT;
      case NEG -> NEG;
      default -> NONE;
    };
  }

  /** Computes the result, and the flags. */
  static long apply(int number, Flags f, long a, int bits) {
    return switch (number) {
      case INC -> Arithmetic.inc(f, a, bits);
      case DEC -> Arithmetic.dec(f, a, bits);
      case NOT -> ~a;
      default -> Arithmetic.neg(f, a, bits);
    };
  }
}
