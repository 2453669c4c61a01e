package dev.hindsight.bench.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What instructions cost that only a kernel may execute: {@link BogostiKernel} under Hindsight and
 * TCG, in cycles of the host an iteration. Cycles are the time by the host's clock, times the
 * frequency at which the host executes a chain of dependent additions just before and after.
 */
final class Bogosti {
  private final Options options;
  private final Path work;
  private final Path cycles;
  private double hertz;

  /**
   * Prepares it.
   *
   * @param work a directory for files
   * @param cycles the program that measures the frequency
   */
  Bogosti(Options options, Path work, Path cycles) {
    this.options = options;
    this.work = work;
    this.cycles = cycles;
  }

  /** Does it and returns a table. */
  String run() throws IOException {
    Path kernel = Files.write(work.resolve("bogosti"), BogostiKernel.file(options.scale()));
    Results results = new Results();
    calibrate();
    for (int round = 1; round <= options.rounds(); round++) {
      System.err.println("round " + round + ": bogosti");
      List<String> hindsight = Contestants.hindsight(options, kernel);
      results.add(Contestants.HINDSIGHT, Console.follow(hindsight, work, "@done"));
      if (options.hasTcg(round)) {
        results.add(Contestants.TCG, Console.follow(Contestants.tcg(kernel), work, "@done"));
      }
      calibrate();
    }
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "A cycle is 1/%.2f ns, by a chain of dependent additions.%n%n",
            hertz / 1e9));
    text.append("| before ADD; load; CMP; JE | iterations | Hindsight, cycles | TCG, cycles |\n");
    text.append("|---|---|---|---|\n");
    for (BogostiKernel.Loop loop : BogostiKernel.Loop.values()) {
      text.append("| ").append(loop.text()).append(" | ");
      text.append(String.format(Locale.ROOT, "%,d", loop.iterations(options.scale())));
      text.append(" | ").append(cycles(results, Contestants.HINDSIGHT, loop));
      text.append(" | ").append(cycles(results, Contestants.TCG, loop)).append(" |\n");
    }
    return text.toString();
  }

  private void calibrate() throws IOException {
    String output = Host.output(work, List.of(cycles.toString()));
    hertz = Math.max(hertz, Double.parseDouble(output));
  }

  private String cycles(Results results, String contestant, BogostiKernel.Loop loop) {
    double millis = results.millis(contestant, loop.name());
    if (Double.isNaN(millis)) {
      return "–";
    }
    double cycles = millis / 1e3 * hertz / loop.iterations(options.scale());
    return String.format(Locale.ROOT, "%.1f", cycles);
  }
}
