package dev.hindsight.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DeviceFuzzTest {
  private static final int INPUTS = 5_000;
  private static final int LONGEST = 400;

  @Test
  void anyTrafficIsTaken() {
    SplittableRandom random = new SplittableRandom(1615);
    int deadlines = 0;
    int served = 0;
    int acknowledged = 0;
    int signals = 0;
    for (int i = 0; i < INPUTS; i++) {
      byte[] input = new byte[random.nextInt(LONGEST)];
      random.nextBytes(input);
      DeviceFuzz.Outcome outcome = DeviceFuzz.outcome(input);
      deadlines += outcome.deadlines();
      served += outcome.served() ? 1 : 0;
      acknowledged += outcome.acknowledged();
      signals += outcome.signals();
    }
    assertThat(deadlines).as("deadlines").isGreaterThan(INPUTS);
    assertThat(served).as("inputs with buffers served").isGreaterThan(INPUTS / 200);
    assertThat(acknowledged).as("interrupts taken").isGreaterThan(INPUTS / 100);
    assertThat(signals).as("signals").isGreaterThan(INPUTS);
  }
}
