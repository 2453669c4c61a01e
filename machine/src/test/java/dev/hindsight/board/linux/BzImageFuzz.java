package dev.hindsight.board.linux;

import dev.hindsight.board.ImagesFit;
import dev.hindsight.board.acpi.AcpiTables;
import java.util.Arrays;

/**
 * What must hold for any file as a kernel: it is refused in one sentence, or all that is put into
 * memory fits. Jazzer can be pointed at {@link #fuzzerTestOneInput}; the ordinary tests feed it
 * damaged kernels.
 */
public final class BzImageFuzz {
  private static final AcpiTables ACPI = new AcpiTables(2);
  private static final byte[] INITRD = new byte[5000];
  private static final int SMALLEST = 2 << 20;
  private static final int PAGE = 4096;

  private static final int CHOICES = 3;
  private static final int HEADER = 0x1F0;
  private static final int HEADER_BYTES = 0x80;

  private BzImageFuzz() {}

  /**
   * A good kernel with changes: in its header, or anywhere if the upper bit of the place is set.
   */
  private static byte[] changed(byte[] input, int cut) {
    byte[] file = LinuxBootTest.bzImage((input[1] & 1) == 0);
    for (int i = CHOICES; i + 2 < input.length; i += 3) {
      int place = (input[i] & 0xFF) << 8 | input[i + 1] & 0xFF;
      int at = place < 0x8000 ? HEADER + place % HEADER_BYTES : place % file.length;
      file[at] = input[i + 2];
    }
    return Arrays.copyOf(file, file.length - cut * file.length / 128);
  }

  /**
   * Boots a file. The first two bytes say how much memory there is. If the third one is even, what
   * follows is the file; else it is changes to a good kernel, in each three bytes where and to
   * what, and the third byte's other bits say how much of it is left out.
   *
   * @throws IllegalStateException if something that must hold does not
   */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length < CHOICES) {
      return;
    }
    long memory = SMALLEST + (input[0] & 0xFFL) * (64 << 20) + (input[1] & 0xFF) * PAGE;
    byte[] file =
        (input[2] & 1) == 0
            ? Arrays.copyOfRange(input, CHOICES, input.length)
            : changed(input, (input[2] & 0xFF) >>> 1);
    LinuxBoot boot;
    try {
      boot = new LinuxBoot(BzImage.read(file), INITRD, "quiet", memory, ACPI);
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
