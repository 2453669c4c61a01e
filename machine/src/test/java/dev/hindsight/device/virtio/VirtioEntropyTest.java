package dev.hindsight.device.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VirtioEntropyTest {
  /** The JDK has the same generator. */
  @Test
  void bytesAreThoseOfSplitMix64() {
    for (long seed : new long[] {0, 1, -1, 0x1234_5678_9ABC_DEF0L}) {
      SplittableRandom random = new SplittableRandom(seed);
      for (int block = 0; block < 100; block++) {
        long expected = random.nextLong();
        for (int i = 0; i < 8; i++) {
          assertThat(VirtioEntropy.at(seed, 8L * block + i)).isEqualTo((byte) (expected >>> 8 * i));
        }
      }
    }
  }
}
