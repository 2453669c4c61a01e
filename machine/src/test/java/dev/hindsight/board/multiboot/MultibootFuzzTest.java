package dev.hindsight.board.multiboot;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MultibootFuzzTest {
  private static final int INPUTS = 10_000;
  private static final int HEADERS = 120;

  /** A kernel, with some bytes of its headers changed, and sometimes cut. */
  @Test
  void anyFileIsTakenOrRefused() {
    SplittableRandom random = new SplittableRandom(1995);
    List<byte[]> kernels = List.of(ToyKernel.flat(), ToyKernel.elf32(), ToyKernel.elf64());
    for (int i = 0; i < INPUTS; i++) {
      byte[] good = kernels.get(random.nextInt(kernels.size()));
      int length = random.nextInt(4) == 0 ? random.nextInt(good.length) : good.length;
      byte[] input = new byte[2 + length];
      System.arraycopy(good, 0, input, 2, length);
      input[0] = (byte) random.nextInt(random.nextBoolean() ? 1 : 256);
      input[1] = (byte) random.nextInt();
      if (length > HEADERS) {
        for (int k = random.nextInt(4); k > 0; k--) {
          int value = random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(3) - 1;
          input[2 + random.nextInt(HEADERS)] = (byte) value;
        }
      }
      assertThatCode(() -> MultibootFuzz.fuzzerTestOneInput(input)).doesNotThrowAnyException();
    }
  }
}
