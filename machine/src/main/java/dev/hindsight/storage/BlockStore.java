package dev.hindsight.storage;

/** The contents of a disk image, as the host has them. Nobody writes to it. */
public interface BlockStore {
  /** Size in bytes, a multiple of {@link Disk#SECTOR}. */
  long bytes();

  /**
   * Reads a range that lies within the image.
   *
   * @param position its first byte
   * @throws StorageException if the host cannot read it
   */
  void read(long position, byte[] into, int offset, int length);
}
