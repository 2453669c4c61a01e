package dev.hindsight.silicon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Who made a processor. What the manuals leave to the processor is settled by its maker, and tests
 * that compare with the host have to know by whom.
 */
public enum Maker {
  /** AMD, and Hygon, whose processors are AMD's. */
  AMD,
  INTEL,
  /** Of whose processors nothing is known. */
  OTHER;

  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  /** The maker of the host's processor, as the vendor of CPUID leaf 0 says, which Linux shows. */
  public static Maker ofHost() {
    if (!Files.isReadable(PROCESSORS)) {
      return OTHER;
    }
    try {
      for (String line : Files.readAllLines(PROCESSORS)) {
        if (line.startsWith("vendor_id")) {
          return switch (line.substring(line.indexOf(':') + 1).strip()) {
            case "AuthenticAMD", "HygonGenuine" -> AMD;
            case "GenuineIntel" -> INTEL;
            default -> OTHER;
          };
        }
      }
      return OTHER;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
