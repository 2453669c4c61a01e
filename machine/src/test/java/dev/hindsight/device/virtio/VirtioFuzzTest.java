package dev.hindsight.device.virtio;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VirtioFuzzTest {
  private static final int INPUTS = 10_000;
  private static final int LONGEST = 400;

  @Test
  void anyRingsAndTrafficAreTaken() {
    SplittableRandom random = new SplittableRandom(1204);
    for (int i = 0; i < INPUTS; i++) {
      byte[] input = new byte[random.nextInt(LONGEST)];
      random.nextBytes(input);
      assertThatCode(() -> VirtioFuzz.fuzzerTestOneInput(input)).doesNotThrowAnyException();
    }
  }
}
