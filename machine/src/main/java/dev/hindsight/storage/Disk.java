package dev.hindsight.storage;

/**
 * A disk: sectors that are read and written at once. How long a request takes is the business of
 * the controller.
 */
public interface Disk {
  /** Bytes of a sector. */
  int SECTOR = 512;

  /** Number of sectors. */
  long sectors();

  /** Whether it can only be read. */
  boolean readOnly();

  /** Serial number, printable ASCII. */
  String serial();

  /**
   * Reads sectors.
   *
   * @param sector the first one; all of them exist
   * @param into where their bytes go, from {@code offset} on
   * @param sectors how many
   * @throws StorageException if the host cannot read; nothing has changed then, and the same can be
   *     asked again
   */
  void read(long sector, byte[] into, int offset, int sectors);

  /**
   * Writes sectors of a disk that is not read-only. They are there for good once this returns.
   *
   * @param sector the first one; all of them exist
   * @param from their bytes, from {@code offset} on
   * @param sectors how many
   * @throws StorageException if the host cannot do it; nothing has changed then
   */
  void write(long sector, byte[] from, int offset, int sectors);
}
