package dev.hindsight.device.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VirtioFuzzTest {
  private static final int INPUTS = 10_000;
  private static final int LONGEST = 400;

  @Test
  void anyRingsAndTrafficAreTaken() {
    SplittableRandom random = new SplittableRandom(1204);
    int served = 0;
    int broken = 0;
    for (int i = 0; i < INPUTS; i++) {
      byte[] input = new byte[random.nextInt(LONGEST)];
      random.nextBytes(input);
      VirtioFuzz.Outcome outcome = VirtioFuzz.outcome(input);
      served += outcome.served();
      broken += outcome.broken();
    }
    assertThat(served).as("chains served").isGreaterThan(INPUTS / 4);
    assertThat(broken).as("bad rings met").isGreaterThan(INPUTS / 4);
  }
}
