package dev.hindsight.translator;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The comparison of the engines from the command line.
 *
 * <p>Machines last for a stretch of {@link #STRETCH} cases, and what a case finds in their caches
 * is what the cases before it in its stretch have left. So a difference that needs them comes again
 * if one begins at the stretch, as its report says, however many threads there are.
 *
 * <pre>
 * --cases N    how many sequences (200000)    --seed N      what they are drawn from (1)
 * --first N    number of the first (0)        --threads N   (1)
 * --examples N shown (10)
 * </pre>
 */
public final class TranslatorFuzz {
  /** Cases that the same machines run one after another; a whole number of batches. */
  static final int STRETCH = 8 * FuzzGenerator.BATCH;

  private TranslatorFuzz() {}

  /** Runs it; the exit status is 1 if anything differs. */
  public static void main(String[] args) throws Exception {
    System.exit(run(args, System.out) == 0 ? 0 : 1);
  }

  /**
   * Runs it.
   *
   * @return the number of sequences that differ
   */
  public static long run(String[] args, PrintStream out) throws Exception {
    if (args.length % 2 != 0) {
      throw new IllegalArgumentException("options have one value each");
    }
    Map<String, Long> options = new HashMap<>();
    for (int i = 0; i + 1 < args.length; i += 2) {
      options.put(args[i], Long.valueOf(args[i + 1]));
    }
    long seed = options.getOrDefault("--seed", 1L);
    long first = options.getOrDefault("--first", 0L);
    long end = first + options.getOrDefault("--cases", 200_000L);
    long examples = options.getOrDefault("--examples", 10L);
    int threads = options.getOrDefault("--threads", 1L).intValue();
    AtomicLong differing = new AtomicLong();
    AtomicLong steps = new AtomicLong();
    AtomicLong interpreted = new AtomicLong();
    AtomicLong next = new AtomicLong(first);
    List<Throwable> failures = new ArrayList<>();
    long start = System.nanoTime();
    List<Thread> workers = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      workers.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  long from;
                  while ((from = next.getAndUpdate(TranslatorFuzz::nextStretch)) < end) {
                    long last = Math.min(end, nextStretch(from));
                    try (FuzzCampaign campaign = new FuzzCampaign(seed)) {
                      for (long n = from; n < last; n++) {
                        String report = campaign.run(n);
                        if (report != null && differing.incrementAndGet() <= examples) {
                          out.printf(
                              "--seed %d --first %d --cases %d%n%s",
                              seed, from, n - from + 1, report);
                        }
                      }
                      steps.addAndGet(campaign.steps()[0]);
                      interpreted.addAndGet(campaign.steps()[1]);
                    }
                  }
                } catch (RuntimeException | Error e) {
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
      throw new IllegalStateException(failures.getFirst());
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    out.printf(
        "%,d sequences, %,d differ; %,d steps, %,d of them the interpreter's; %.1f s, %,.0f a second%n",
        end - first,
        differing.get(),
        steps.get(),
        interpreted.get(),
        seconds,
        (end - first) / seconds);
    return differing.get();
  }

  private static long nextStretch(long number) {
    return (number / STRETCH + 1) * STRETCH;
  }
}
