package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Flags;
import dev.hindsight.x86.Mnemonic;

/** The condition of Jcc, SETcc and CMOVcc as its encoding, 0 to 15. */
final class Condition {
  /** Not a conditional instruction. */
  static final int NONE = -1;

  private Condition() {}

  static int ofJump(Mnemonic m) {
    return relativeTo(m, Mnemonic.JO);
  }

  static int ofSet(Mnemonic m) {
    return relativeTo(m, Mnemonic.SETO);
  }

  static int ofMove(Mnemonic m) {
    return relativeTo(m, Mnemonic.CMOVO);
  }

  /** Whether a condition holds, given its {@link Flags#combinations}. */
  static boolean holds(Flags flags, int condition, int combinations) {
    return combinations != 0 ? flags.holds(combinations) : flags.condition(condition);
  }

  /** {@link Mnemonic} lists each family in the order of its encodings. */
  private static int relativeTo(Mnemonic m, Mnemonic first) {
    int n = m.ordinal() - first.ordinal();
    return n >= 0 && n < 16 ? n : NONE;
  }
}
