package dev.hindsight.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RecordingFuzzTest {
  private static final int INPUTS = 400;
  private static final int LONGEST = 10;

  @Test
  void unchangedItIsReplayed() throws IOException {
    Recording recording = Recording.read(RecordingFuzz.good());
    assertThat(recording.damage()).isEmpty();
    assertThat(recording.seal()).isPresent();
    assertThat(recording.origin()).isPresent();
    assertThat(recording.inputs()).hasSize(5);
    assertThat(recording.interventions()).hasSize(2);
    assertThat(recording.blocks().getFirst().count()).isPositive();
    RecordingFuzz.check(RecordingFuzz.good());
  }

  @Test
  void anyRecordingIsReplayedOrRefused() {
    SplittableRandom random = new SplittableRandom(1616);
    for (int i = 0; i < INPUTS; i++) {
      byte[] input = new byte[random.nextInt(LONGEST)];
      random.nextBytes(input);
      assertThatCode(() -> RecordingFuzz.fuzzerTestOneInput(input)).doesNotThrowAnyException();
    }
  }

  /** Each byte with one bit flipped, as damage and as malice. */
  @Test
  void everyByteMayBeChanged() throws IOException {
    MemoryStore store = RecordingFuzz.good();
    for (String file : List.of(Recording.DESCRIPTION, Recording.LOG)) {
      byte[] good = store.read(file);
      for (int i = 0; i < good.length; i++) {
        for (boolean fits : new boolean[] {false, true}) {
          byte[] bad = good.clone();
          bad[i] ^= (byte) (1 << i % 8);
          store.write(file, fits ? RecordingFuzz.withChecksums(file, bad) : bad);
          assertThatCode(() -> RecordingFuzz.check(store))
              .as("byte %d", i)
              .doesNotThrowAnyException();
        }
      }
      store.write(file, good);
    }
  }
}
