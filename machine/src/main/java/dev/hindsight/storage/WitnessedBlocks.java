package dev.hindsight.storage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;

/**
 * A disk image each of whose blocks is hashed when it is first read, so that a changed image is
 * noticed without reading all of it. Which blocks were seen is no state of the machine.
 */
public final class WitnessedBlocks implements BlockStore {
  /** Bytes in a block. */
  public static final int BLOCK_BYTES = 1 << 16;

  private final int disk;
  private final BlockStore image;
  private final BitSet seen = new BitSet();
  private final byte[] block = new byte[BLOCK_BYTES];
  private BlockWitness witness = BlockWitness.NONE;
  private boolean witnessed;

  /**
   * An image of which nothing was read yet.
   *
   * @param disk number of the disk in the machine, which the witness is told
   */
  public WitnessedBlocks(int disk, BlockStore image) {
    this.disk = disk;
    this.image = image;
    if (image.bytes() / BLOCK_BYTES >= Integer.MAX_VALUE) {
      throw new IllegalArgumentException("A disk has less than 128 TiB.");
    }
  }

  /** The digest of a block as a {@link BlockWitness} is told. */
  public static long digest(byte[] block, int length) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(block, 0, length);
      return ByteBuffer.wrap(sha256.digest()).order(ByteOrder.LITTLE_ENDIAN).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Who hears of first reads from now on; blocks that were read before are read anew for it. */
  public void witness(BlockWitness value) {
    witness = value;
    witnessed = !value.equals(BlockWitness.NONE);
    seen.clear();
  }

  @Override
  public long bytes() {
    return image.bytes();
  }

  @Override
  public void read(long position, byte[] into, int offset, int length) {
    if (length > 0 && witnessed) {
      for (long b = position / BLOCK_BYTES; b <= (position + length - 1) / BLOCK_BYTES; b++) {
        if (!seen.get((int) b)) {
          testify(b);
        }
      }
    }
    image.read(position, into, offset, length);
  }

  private void testify(long number) {
    long start = number * BLOCK_BYTES;
    int length = (int) Math.min(BLOCK_BYTES, image.bytes() - start);
    image.read(start, block, 0, length);
    witness.firstRead(disk, number, digest(block, length));
    seen.set((int) number);
  }
}
