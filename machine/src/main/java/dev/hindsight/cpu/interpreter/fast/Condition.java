package dev.hindsight.cpu.interpreter.fast;

import dev.hindsight.cpu.Flags;

/** Whether the condition of Jcc, SETcc and CMOVcc holds. */
final class Condition {
  private Condition() {}

  /** Whether a condition holds, given its {@link Flags#combinations}. */
  static boolean holds(Flags flags, int condition, int combinations) {
    return combinations != 0 ? flags.holds(combinations) : flags.condition(condition);
  }
}
