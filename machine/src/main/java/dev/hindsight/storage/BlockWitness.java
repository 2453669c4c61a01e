package dev.hindsight.storage;

/** Hears of each block of a disk image when it is read for the first time. */
@FunctionalInterface
public interface BlockWitness {
  /** Nobody listens. */
  BlockWitness NONE = (disk, block, digest) -> {};

  /**
   * A block was read for the first time.
   *
   * @param disk number of the disk in the machine, from 0
   * @param block number of the block of {@link WitnessedBlocks#BLOCK_BYTES} bytes, from 0
   * @param digest the first eight bytes of its SHA-256 digest, as a little-endian number
   * @throws StorageException if it is not what it ought to be
   */
  void firstRead(int disk, long block, long digest);
}
