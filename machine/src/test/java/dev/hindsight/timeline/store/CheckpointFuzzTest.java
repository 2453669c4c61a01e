package dev.hindsight.timeline.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointFuzzTest {
  private static final int INPUTS = 60;
  private static final int MOST_CHANGES = 4;
  private static final int HEAD_BYTES = 160;

  @Test
  void unchangedItIsUsed() {
    assertThat(CheckpointFuzz.tryOne(new byte[0])).isEqualTo(CheckpointFuzz.Fate.USED);
  }

  /** Both files, as damage and with checksums that fit, which is malice. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void whateverIsInItTheStateIsThatOfAReplay(int kind) {
    SplittableRandom random = new SplittableRandom(1717 + kind);
    Map<CheckpointFuzz.Fate, Integer> fates = new EnumMap<>(CheckpointFuzz.Fate.class);
    for (int i = 0; i < INPUTS; i++) {
      byte[] input = new byte[1 + 4 * (1 + random.nextInt(MOST_CHANGES))];
      random.nextBytes(input);
      // one in eight is cut short
      input[0] = (byte) (input[0] & ~3 | kind);
      fates.merge(CheckpointFuzz.tryOne(input), 1, Integer::sum);
    }
    assertThat(fates.get(CheckpointFuzz.Fate.REFUSED)).isGreaterThan(INPUTS / 4);
  }

  /** The beginning of a body is all lengths and numbers. */
  @Test
  void everyByteOfTheHeadMayBeChanged() {
    byte[] values = {0x00, 0x7F, (byte) 0xFF};
    for (int at = 0; at < HEAD_BYTES; at++) {
      byte[] input = {2, 0, 0, (byte) at, values[at % values.length]};
      assertThat(CheckpointFuzz.tryOne(input)).isNotNull();
    }
  }
}
