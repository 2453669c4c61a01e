package dev.hindsight.cpu.protection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** Counts cases and keeps the first few that went wrong. */
final class Tally {
  private int cases;
  private int wrong;
  private final List<String> examples = new ArrayList<>();

  void check(Object what, Object expected, Object actual) {
    cases++;
    if (!expected.equals(actual)) {
      wrong++;
      if (examples.size() < 5) {
        examples.add(what + "\n   expected " + expected + "\n   but was  " + actual);
      }
    }
  }

  /** Fails if there was a wrong case, or fewer cases than there should be. */
  void finish(int atLeast) {
    assertThat(examples).as("%d of %d cases", wrong, cases).isEmpty();
    assertThat(cases).isGreaterThanOrEqualTo(atLeast);
  }
}
