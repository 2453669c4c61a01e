package dev.hindsight.storage;

/** A disk as its controller sees it: sectors that can be read and written. */
public interface Disk {
  /** Bytes in a sector. */
  int SECTOR_BYTES = 512;

  /** Number of sectors. */
  long sectors();

  /** Whether {@link #write} is not allowed. */
  boolean readOnly();

  /** What the disk says of itself, ASCII, at most 20 characters. */
  String serial();

  /**
   * Reads sectors that exist.
   *
   * @param sector the first one
   * @param sectors how many
   * @throws StorageException if the host cannot read them; nothing has changed, and the machine can
   *     go on if that was mended
   */
  void read(long sector, byte[] into, int offset, int sectors);

  /**
   * Writes sectors that exist, of a disk that can be written.
   *
   * @param sector the first one
   * @param sectors how many
   * @throws StorageException if the host cannot read what lies around them; nothing has changed
   */
  void write(long sector, byte[] from, int offset, int sectors);
}
