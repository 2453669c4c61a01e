package dev.hindsight.board.multiboot;

import dev.hindsight.board.ImagesFit;
import dev.hindsight.board.acpi.AcpiTables;
import java.util.Arrays;
import java.util.List;

/**
 * What must hold for any file as a kernel: it is refused in one sentence, or all that is put into
 * memory fits. Jazzer can be pointed at {@link #fuzzerTestOneInput}; the ordinary tests feed it
 * damaged kernels.
 */
public final class MultibootFuzz {
  private static final AcpiTables ACPI = new AcpiTables(2);
  private static final List<BootModule> MODULES =
      List.of(new BootModule("a", new byte[5000]), new BootModule("b", new byte[0]));
  private static final int SMALLEST = 2 << 20;
  private static final int PAGE = 4096;

  private MultibootFuzz() {}

  /**
   * Boots the input without its first two bytes, which say how much memory there is.
   *
   * @throws IllegalStateException if something that must hold does not
   */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length < 2) {
      return;
    }
    long memory = SMALLEST + (input[0] & 0xFFL) * (64 << 20) + (input[1] & 0xFF) * PAGE;
    byte[] file = Arrays.copyOfRange(input, 2, input.length);
    MultibootBoot boot;
    try {
      boot = new MultibootBoot(file, "quiet", MODULES, memory, ACPI);
    } catch (IllegalArgumentException refused) {
      String why = refused.getMessage();
      if (why == null || why.isBlank()) {
        throw new IllegalStateException("refused without a reason", refused);
      }
      return;
    }
    ImagesFit.check(boot.images(), memory);
  }
}
