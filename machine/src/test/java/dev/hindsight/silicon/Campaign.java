package dev.hindsight.silicon;

import dev.hindsight.board.EngineFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs many cases on both processors and compares. */
final class Campaign implements AutoCloseable {
  private final CaseGenerator generator;
  private final HostProcessor host;
  private final GuestProcessor guest;
  private final Comparison comparison = new Comparison();
  private final KnownDifferences known = KnownDifferences.standard();
  private final Tally tally = new Tally();

  /** Hears of each case that differs, and is not known to. */
  @FunctionalInterface
  interface Listener {
    void differs(GeneratedCase c, DataPages pages, List<String> differences);
  }

  /**
   * Starts a runner.
   *
   * @param directory where to put the runner's program
   * @param engines makes what runs our CPU
   */
  Campaign(CaseGenerator generator, Path directory, EngineFactory engines) throws IOException {
    this.generator = generator;
    this.host = HostProcessor.start(directory);
    this.guest = new GuestProcessor(engines);
  }

  /** Runs a whole batch of cases, of which {@code first} is the first; calls the listener after. */
  void runBatch(long first, int count, Listener listener) {
    DataPages pages = generator.pages(first);
    List<GeneratedCase> cases = new ArrayList<>(count);
    List<TestCase> tests = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      GeneratedCase c = generator.make(first + i);
      cases.add(c);
      tests.add(c.test());
    }
    host.submit(pages, tests);
    guest.load(pages);
    List<Outcome> ours = new ArrayList<>(count);
    for (TestCase test : tests) {
      ours.add(guest.run(test));
    }
    List<Outcome> hosts = host.finish();
    List<Runnable> reports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      GeneratedCase c = cases.get(i);
      List<String> differences = comparison.differences(c, hosts.get(i), ours.get(i));
      boolean differs = !differences.isEmpty();
      boolean expected = differs && known.covers(c, hosts.get(i), ours.get(i), differences);
      tally.add(c.name(), differs, expected);
      if (c.kind() == GeneratedCase.Kind.SINGLE) {
        tally.addRow(c.test().mode(), c.instructions().getFirst().row());
      }
      if (differs && !expected) {
        reports.add(() -> listener.differs(c, pages, differences));
      }
    }
    reports.forEach(Runnable::run);
  }

  /** Runs one case and tells how the outcomes differ; nothing if the difference is known. */
  List<String> run(GeneratedCase c, DataPages pages) {
    host.submit(pages, List.of(c.test()));
    guest.load(pages);
    Outcome ours = guest.run(c.test());
    Outcome theirs = host.finish().getFirst();
    List<String> differences = comparison.differences(c, theirs, ours);
    return known.covers(c, theirs, ours, differences) ? List.of() : differences;
  }

  /** What was run so far. */
  Tally tally() {
    return tally;
  }

  @Override
  public void close() {
    host.close();
    guest.close();
  }
}
