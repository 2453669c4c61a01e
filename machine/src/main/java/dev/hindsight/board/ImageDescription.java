package dev.hindsight.board;

/**
 * Bytes that are in the machine at power-on. Only their digest is part of the description; the
 * bytes themselves come from an {@link Image}.
 *
 * @param name a name for people
 * @param place where they are
 * @param address physical address of the first byte; of a ROM a multiple of 4096
 * @param bytes their number
 * @param sha256 their SHA-256 digest in 64 lower-case hexadecimal digits
 */
public record ImageDescription(String name, Place place, long address, long bytes, String sha256) {
  /** Checks the digest's form. */
  public ImageDescription {
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("a SHA-256 digest has 64 hexadecimal digits");
    }
  }

  /** Where an image is. */
  public enum Place {
    /** In a ROM. */
    ROM,
    /** In RAM, as if a loader had put it there. */
    RAM
  }
}
