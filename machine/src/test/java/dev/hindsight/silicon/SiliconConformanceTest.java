package dev.hindsight.silicon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hindsight.silicon.CaseGenerator.Options;
import dev.hindsight.translator.TestEngines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A hundred thousand cases against the host processor. */
final class SiliconConformanceTest {
  private static final int CASES = 100_000;
  private static final int SHOWN = 10;

  @ParameterizedTest
  @EnumSource
  void agreesWithTheHostProcessor(TestEngines engine) throws Exception {
    Optional<String> whyNot = HostProcessor.whyNot();
    assumeTrue(whyNot.isEmpty(), () -> whyNot.orElse(""));
    CaseGenerator generator =
        new CaseGenerator(new Options(20_260_101, List.of(64, 32), m -> true, 20, 3));
    List<String> examples = new ArrayList<>();
    try (Campaign campaign = new Campaign(generator, Path.of("target", "silicon"), engine)) {
      for (int first = 0; first < CASES; first += CaseGenerator.BATCH) {
        campaign.runBatch(
            first,
            Math.min(CaseGenerator.BATCH, CASES - first),
            (c, pages, differences) -> {
              if (examples.size() < SHOWN) {
                GeneratedCase small = Shrinker.shrink(campaign, pages, c, differences);
                examples.add(
                    c.name() + "\n" + Report.example(small, pages, campaign.run(small, pages)));
              }
            });
      }
      assertThat(campaign.tally().run()).isEqualTo(CASES);
      for (int mode : new int[] {64, 32}) {
        // a few rows of the table can only be had where another takes precedence
        assertThat(campaign.tally().rows(mode))
            .isGreaterThan(generator.pool(mode).rows().size() * 98 / 100);
      }
      assertThat(campaign.tally().differing()).as(() -> String.join("\n", examples)).isZero();
    }
  }
}
