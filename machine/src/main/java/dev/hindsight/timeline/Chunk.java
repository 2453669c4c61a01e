package dev.hindsight.timeline;

import java.util.zip.CRC32C;

/**
 * A piece of the log that stands for itself: a number that holds type and length, the contents, and
 * the CRC-32C of both.
 *
 * @param type what the contents are
 * @param content the contents
 */
@SuppressWarnings("ArrayRecordComponent")
record Chunk(Type type, byte[] content) {
  /** Bits of the first number that are the type; those above are the length. */
  static final int TYPE_BITS = 3;

  static final int CHECKSUM_BYTES = 4;

  /** What can be in a chunk. Codes are never used anew; 0 is not used, so that zeros are damage. */
  enum Type {
    /** The beginning: what the other chunks need to be read. */
    START(1),
    /** Inputs. */
    INPUTS(2),
    /** A hash of the state. */
    HASH(3),
    /** Digests of blocks of disk images that were read for the first time. */
    BLOCKS(4),
    /** The end: how the run ended, and the hash of the last state. */
    SEAL(5),
    /** An intervention. */
    INTERVENTION(6);

    private final int code;

    Type(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /** Appends the chunk as it is in the file. */
  void write(CompactWriter file) {
    CompactWriter body = new CompactWriter();
    body.putNumber((long) content.length << TYPE_BITS | type.code());
    body.putBytes(content);
    byte[] bytes = body.toBytes();
    file.putBytes(bytes);
    file.putInt(checksum(bytes, 0, bytes.length));
  }

  static int checksum(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }
}
