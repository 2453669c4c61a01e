package dev.hindsight.cpu.instructions.general;

import dev.hindsight.x86.Mnemonic;

/** The sixteen conditions of Jcc, SETcc and CMOVcc, whose mnemonics stand in order of encoding. */
final class Conditions {
  private Conditions() {}

  /**
   * The mnemonic of a condition.
   *
   * @param first the group's member for O: JO, SETO or CMOVO
   * @param code the condition, 0 to 15
   */
  static Mnemonic mnemonic(Mnemonic first, int code) {
    return ALL[first.ordinal() + code];
  }

  private static final Mnemonic[] ALL = Mnemonic.values();
}
