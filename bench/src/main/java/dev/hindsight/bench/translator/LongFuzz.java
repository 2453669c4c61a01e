package dev.hindsight.bench.translator;

import dev.hindsight.translator.TranslatorFuzz;
import java.util.ArrayList;
import java.util.List;

/**
 * Ten million random sequences in the interpreter and the translator, or as the options of {@link
 * TranslatorFuzz} say: a report of each that differs, made smaller, and a summary.
 */
public final class LongFuzz {
  private LongFuzz() {}

  /** Runs it; the exit status is 1 if anything differs. */
  public static void main(String[] args) throws Exception {
    List<String> options = new ArrayList<>(List.of("--cases", "10000000", "--seed", "2026"));
    options.addAll(List.of("--threads", "2"));
    options.addAll(List.of(args));
    System.exit(TranslatorFuzz.run(options.toArray(String[]::new), System.out) == 0 ? 0 : 1);
  }
}
