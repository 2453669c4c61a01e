package dev.hindsight.timeline.store;

import dev.hindsight.storage.Disk;
import dev.hindsight.storage.WitnessedBlocks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a file with some of a disk's blocks: which blocks they are.
 *
 * @param diskBytes size of the disk
 * @param numbers numbers of the blocks, in ascending order
 */
@SuppressWarnings("ArrayRecordComponent")
record BlocksHeader(long diskBytes, long[] numbers) {
  static final byte[] TITLE = "hindsight blocks 1\n".getBytes(StandardCharsets.US_ASCII);

  /** Bytes of title, size and count. */
  static final int FIXED_BYTES = TITLE.length + 2 * Long.BYTES;

  private static final int BLOCK = WitnessedBlocks.BLOCK_BYTES;

  /** Bytes of the header of so many blocks. */
  static long bytes(long count) {
    return FIXED_BYTES + count * Long.BYTES + Integer.BYTES;
  }

  /** Bytes of the whole file. */
  long fileBytes() {
    long last = diskBytes / BLOCK;
    boolean partial = numbers.length > 0 && numbers[numbers.length - 1] == last;
    long whole = partial ? numbers.length - 1 : numbers.length;
    return bytes(numbers.length) + whole * BLOCK + (partial ? diskBytes % BLOCK : 0);
  }

  /** Where in the file the block is that has this index. */
  long position(int index) {
    return bytes(numbers.length) + (long) index * BLOCK;
  }

  /** Bytes of a block of the disk. */
  int blockBytes(long number) {
    return (int) Math.min(BLOCK, diskBytes - number * BLOCK);
  }

  byte[] toBytes() {
    ByteBuffer out =
        ByteBuffer.allocate(Math.toIntExact(bytes(numbers.length))).order(ByteOrder.LITTLE_ENDIAN);
    out.put(TITLE).putLong(diskBytes).putLong(numbers.length);
    for (long n : numbers) {
      out.putLong(n);
    }
    return out.putInt(checksum(out.array(), out.position())).array();
  }

  /**
   * The number of blocks, from the fixed part of a header; -1 if it is not the beginning of such a
   * file.
   *
   * @param fileBytes size of the file
   */
  static int count(byte[] fixed, long fileBytes) {
    if (!Arrays.equals(fixed, 0, TITLE.length, TITLE, 0, TITLE.length)) {
      return -1;
    }
    long count = in(fixed).getLong(TITLE.length + Long.BYTES);
    boolean fits = count >= 0 && count <= fileBytes / Long.BYTES && count < Integer.MAX_VALUE / 16;
    return fits && bytes(count) <= fileBytes ? (int) count : -1;
  }

  /** Reads a whole header; null if it is damaged. */
  static @Nullable BlocksHeader read(byte[] bytes, int count) {
    ByteBuffer in = in(bytes);
    int end = bytes.length - Integer.BYTES;
    if (in.getInt(end) != checksum(bytes, end)) {
      return null;
    }
    long diskBytes = in.getLong(TITLE.length);
    if (diskBytes < Disk.SECTOR || diskBytes % Disk.SECTOR != 0) {
      return null;
    }
    long[] numbers = new long[count];
    long previous = -1;
    for (int i = 0; i < count; i++) {
      numbers[i] = in.getLong(FIXED_BYTES + i * Long.BYTES);
      if (numbers[i] <= previous || numbers[i] > (diskBytes - 1) / BLOCK) {
        return null;
      }
      previous = numbers[i];
    }
    return new BlocksHeader(diskBytes, numbers);
  }

  private static ByteBuffer in(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
