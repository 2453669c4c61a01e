package dev.hindsight.silicon;

import dev.hindsight.silicon.CaseGenerator.Options;
import dev.hindsight.translator.TestEngines;
import dev.hindsight.x86.Mnemonic;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The conformance suite from the command line.
 *
 * <pre>
 * --cases N      how many (100000)          --seed N       what they are drawn from (1)
 * --only REGEX   mnemonics (all)            --mode M       64, 32 or both (both)
 * --sequences P  percent of sequences (20)  --bytes P      percent of flipped bits (3)
 * --examples N   shown per name (1)         --threads N    (1)
 * --case N       this case only             --engine E     interpreter or translator (interpreter)
 * </pre>
 */
public final class Silicon {
  private final Map<String, String> arguments = new HashMap<>();
  private final PrintStream out;
  private final Map<String, List<String>> examples = new HashMap<>();
  private final Tally tally = new Tally();

  private Silicon(String[] args, PrintStream out) {
    for (int i = 0; i + 1 < args.length; i += 2) {
      arguments.put(args[i], args[i + 1]);
    }
    this.out = out;
  }

  /** Runs it; the exit status is 1 if anything differs. */
  public static void main(String[] args) throws Exception {
    System.exit(run(args, System.out) == 0 ? 0 : 1);
  }

  /**
   * Runs it.
   *
   * @return the number of cases that differ
   */
  public static long run(String[] args, PrintStream out) throws Exception {
    if (args.length % 2 != 0) {
      throw new IllegalArgumentException("options have one value each");
    }
    return new Silicon(args, out).run();
  }

  private TestEngines engine() {
    String name = arguments.getOrDefault("--engine", "interpreter");
    return TestEngines.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private long number(String name, long otherwise) {
    return Long.parseLong(arguments.getOrDefault(name, Long.toString(otherwise)));
  }

  private long run() throws Exception {
    List<Integer> modes =
        switch (arguments.getOrDefault("--mode", "both")) {
          case "64" -> List.of(64);
          case "32" -> List.of(32);
          default -> List.of(64, 32);
        };
    Pattern only = Pattern.compile(arguments.getOrDefault("--only", ".*"));
    Predicate<Mnemonic> mnemonics = m -> only.matcher(m.name()).matches();
    boolean all = !arguments.containsKey("--only");
    Options options =
        new Options(
            number("--seed", 1),
            modes,
            mnemonics,
            (int) number("--sequences", all ? 20 : 0),
            (int) number("--bytes", all ? 3 : 0));
    if (arguments.containsKey("--case")) {
      return one(options, number("--case", 0));
    }
    long cases = number("--cases", 100_000);
    int threads = (int) number("--threads", 1);
    long start = System.nanoTime();
    List<Thread> workers = new ArrayList<>();
    List<Exception> failures = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int number = t;
      workers.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  work(options, number, threads, cases);
                } catch (IOException | RuntimeException e) {
                  synchronized (failures) {
                    failures.add(e);
                  }
                }
              }));
    }
    for (Thread worker : workers) {
      worker.join();
    }
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
    print((System.nanoTime() - start) / 1e9);
    CaseGenerator generator = new CaseGenerator(options);
    for (int mode : modes) {
      out.printf(
          "%d-bit code: %,d of %,d rows of the opcode table%n",
          mode, tally.rows(mode), generator.pool(mode).rows().size());
    }
    return tally.differing();
  }

  private long one(Options options, long index) throws IOException {
    CaseGenerator generator = new CaseGenerator(options);
    try (Campaign campaign = new Campaign(generator, Path.of("target", "silicon"), engine())) {
      GeneratedCase c = generator.make(index);
      DataPages pages = generator.pages(index);
      List<String> differences = campaign.run(c, pages);
      out.println(c.name() + " " + c.kind());
      out.println(Report.example(c, pages, differences));
      return differences.size();
    }
  }

  private void work(Options options, int number, int threads, long cases) throws IOException {
    CaseGenerator generator = new CaseGenerator(options);
    int wanted = (int) number("--examples", 1);
    try (Campaign campaign = new Campaign(generator, Path.of("target", "silicon"), engine())) {
      int batch = CaseGenerator.BATCH;
      for (long first = (long) number * batch; first < cases; first += (long) threads * batch) {
        campaign.runBatch(
            first,
            (int) Math.min(batch, cases - first),
            (c, pages, differences) -> {
              List<String> texts;
              synchronized (examples) {
                texts = examples.computeIfAbsent(c.name(), n -> new ArrayList<>());
                if (texts.size() >= wanted) {
                  return;
                }
                texts.add("");
              }
              GeneratedCase small = Shrinker.shrink(campaign, pages, c, differences);
              String text = Report.example(small, pages, campaign.run(small, pages));
              synchronized (examples) {
                texts.remove("");
                texts.add(text);
              }
            });
      }
      synchronized (tally) {
        tally.add(campaign.tally());
      }
    }
  }

  private void print(double seconds) {
    tally
        .byName()
        .forEach((name, counts) -> {
          if (counts[1] > 0) {
            out.printf("%s: %d of %d differ%n", name, counts[1], counts[0]);
            examples.getOrDefault(name, List.of()).forEach(out::println);
          }
        });
    long names = tally.byName().size();
    long bad = tally.byName().values().stream().filter(n -> n[1] > 0).count();
    out.printf(
        "%,d cases of %d names, %,d differ (%d names), %,d differ as known; "
            + "%.1f s, %,.0f a second%n",
        tally.run(), names, tally.differing(), bad, tally.known(), seconds, tally.run() / seconds);
  }
}
