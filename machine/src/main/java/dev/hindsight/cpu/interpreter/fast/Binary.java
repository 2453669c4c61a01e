package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.instructions.general.Arithmetic;
import dev.hindsight.x86.Mnemonic;

/**
 * The two-operand instructions that all operand forms share, by the numbers of opcodes 00 to 3F.
 */
final class Binary {
  static final int ADD = 0;
  static final int OR = 1;
  static final int ADC = 2;
  static final int SBB = 3;
  static final int AND = 4;
  static final int SUB = 5;
  static final int XOR = 6;

  /** From here on there is no result. */
  static final int CMP = 7;

  static final int TEST = 8;

  /** Not one of them. */
  static final int NONE = -1;

  private Binary() {}

  /** The number of a mnemonic, or {@link #NONE}. */
  static int number(Mnemonic mnemonic) {
    return switch (mnemonic) {
      case ADD -> ADD;
      case OR -> OR;
      case ADC -> ADC;
      case SBB -> SBB;
      case AND -> AND;
      case SUB -> SUB;
      case XOR -> XOR;
      case CMP -> CMP;
      case TEST -> TEST;
      default -> NONE;
    };
  }

  /** Computes the result, and the flags. */
  static long apply(int number, Flags f, long a, long b, int bits) {
    return switch (number) {
      case ADD -> Arithmetic.add(f, a, b, bits);
      case OR -> Arithmetic.or(f, a, b, bits);
      case ADC -> Arithmetic.adc(f, a, b, bits);
      case SBB -> Arithmetic.sbb(f, a, b, bits);
      case XOR -> Arithmetic.xor(f, a, b, bits);
      case SUB, CMP -> Arithmetic.sub(f, a, b, bits);
      default -> Arithmetic.and(f, a, b, bits);
    };
  }

  /** The flags of CMP or TEST. */
  static void flags(int number, Flags f, long a, long b, int bits) {
    if (number == CMP) {
      Arithmetic.cmp(f, a, b, bits);
    } else {
      f.afterLogic(a & b, bits);
    }
  }
}
