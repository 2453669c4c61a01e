package dev.hindsight.board.linux;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BzImageFuzzTest {
  private static final int INPUTS = 10_000;
  private static final int CHOICES = 3;
  private static final int HEADER = 0x1F1;
  private static final int HEADER_BYTES = 0x80;

  /** A kernel, with some bytes of its header changed, and sometimes cut. */
  @Test
  void anyFileIsTakenOrRefused() {
    SplittableRandom random = new SplittableRandom(1991);
    for (int i = 0; i < INPUTS; i++) {
      byte[] good = LinuxBootTest.bzImage(random.nextBoolean());
      int length = random.nextInt(4) == 0 ? random.nextInt(good.length) : good.length;
      byte[] input = new byte[CHOICES + length];
      System.arraycopy(good, 0, input, CHOICES, length);
      input[0] = (byte) random.nextInt(random.nextBoolean() ? 1 : 256);
      input[1] = (byte) random.nextInt();
      if (length > HEADER + HEADER_BYTES) {
        for (int k = random.nextInt(4); k > 0; k--) {
          int value = random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(3) - 1;
          input[CHOICES + HEADER + random.nextInt(HEADER_BYTES)] = (byte) value;
        }
      }
      assertThatCode(() -> BzImageFuzz.fuzzerTestOneInput(input)).doesNotThrowAnyException();
    }
  }

  /** The changes that Jazzer is to look for. */
  @Test
  void anyChangesAreTakenOrRefused() {
    SplittableRandom random = new SplittableRandom(1992);
    for (int i = 0; i < INPUTS; i++) {
      byte[] input = new byte[CHOICES + random.nextInt(20)];
      random.nextBytes(input);
      input[2] = (byte) (random.nextInt(4) == 0 ? input[2] | 1 : 1);
      assertThatCode(() -> BzImageFuzz.fuzzerTestOneInput(input)).doesNotThrowAnyException();
    }
  }
}
