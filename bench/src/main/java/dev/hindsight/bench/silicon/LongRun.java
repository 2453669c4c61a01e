package dev.hindsight.bench.silicon;

import dev.hindsight.silicon.Silicon;
import java.util.ArrayList;
import java.util.List;

/**
 * Five million cases against the host processor, or as the options of {@link Silicon} say: a report
 * of each mnemonic that differs, with an example, and a summary.
 */
public final class LongRun {
  private LongRun() {}

  /** Runs it; the exit status is 1 if anything differs that is not on the list. */
  public static void main(String[] args) throws Exception {
    List<String> options = new ArrayList<>(List.of("--cases", "5000000", "--seed", "2026"));
    options.addAll(List.of(args));
    System.exit(Silicon.run(options.toArray(String[]::new), System.out) == 0 ? 0 : 1);
  }
}
