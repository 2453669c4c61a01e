package dev.hindsight.x86;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DecoderFuzzTest {
  private static final int INPUTS = 200_000;
  private static final int[] PREFIXES = {
    0x66, 0x67, 0xF0, 0xF2, 0xF3, 0x2E, 0x64, 0x48, 0x4F, 0x0F, 0xC4, 0xC5, 0x62
  };

  /** Random bytes, of which the first few are prefixes and escapes more often than by chance. */
  @Test
  void anyBytesAreDecoded() {
    SplittableRandom random = new SplittableRandom(4711);
    for (int i = 0; i < INPUTS; i++) {
      byte[] input = new byte[1 + random.nextInt(18)];
      random.nextBytes(input);
      for (int k = 1; k < input.length && random.nextInt(2) == 0; k++) {
        input[k] = (byte) PREFIXES[random.nextInt(PREFIXES.length)];
      }
      assertThatCode(() -> DecoderFuzz.fuzzerTestOneInput(input)).doesNotThrowAnyException();
    }
  }
}
