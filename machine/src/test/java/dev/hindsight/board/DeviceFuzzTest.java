package dev.hindsight.board;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DeviceFuzzTest {
  private static final int INPUTS = 6_000;
  private static final int LONGEST = 400;

  @Test
  void anyTrafficIsTaken() {
    SplittableRandom random = new SplittableRandom(1615);
    for (int i = 0; i < INPUTS; i++) {
      byte[] input = new byte[random.nextInt(LONGEST)];
      random.nextBytes(input);
      assertThatCode(() -> DeviceFuzz.fuzzerTestOneInput(input)).doesNotThrowAnyException();
    }
  }
}
