package dev.hindsight.board;

/**
 * A disk of a machine. What its image holds belongs to the description too, but is not read at
 * power-on: each block is hashed when it is first read, and a recording lists the hashes.
 *
 * @param name its name in the machine, which is also its serial number: "disk0"
 * @param bytes its size in bytes, a multiple of 512, at least 512
 * @param readOnly whether the guest cannot write to it
 */
public record DiskDescription(String name, long bytes, boolean readOnly) {
  private static final int SECTOR = 512;

  /** Checks that such a disk can exist. */
  public DiskDescription {
    if (bytes < SECTOR || bytes % SECTOR != 0) {
      throw new IllegalArgumentException("a disk is a multiple of 512 bytes");
    }
    if (!name.matches("[a-z0-9]{1,20}")) {
      throw new IllegalArgumentException("a disk's name has at most 20 letters and digits");
    }
  }
}
