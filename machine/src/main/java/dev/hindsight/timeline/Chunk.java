package dev.hindsight.timeline;

import dev.hindsight.bus.state.StateWriter;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * A piece of the log that stands for itself: type, length, contents, and the CRC-32C of all three.
 *
 * @param type what the contents are
 * @param content the contents
 */
@SuppressWarnings("ArrayRecordComponent")
record Chunk(Type type, byte[] content) {
  /** Bytes of type, length and checksum. */
  static final int FRAME_BYTES = 12;

  private static final int CHECKSUM_BYTES = 4;

  /** What can be in a chunk. Its name in the file has four letters. */
  enum Type {
    /** Names of the parts that hashes are of. */
    PART,
    /** Inputs. */
    INPT,
    /** A hash of the state. */
    HASH,
    /** The end: how the run ended, and the hash of the last state. */
    SEAL;

    int code() {
      byte[] n = name().getBytes(StandardCharsets.US_ASCII);
      return n[0] & 0xFF | (n[1] & 0xFF) << 8 | (n[2] & 0xFF) << 16 | (n[3] & 0xFF) << 24;
    }
  }

  byte[] toBytes() {
    StateWriter out = new StateWriter();
    out.putInt(type.code());
    out.putInt(content.length);
    out.putBytes(content);
    byte[] body = out.toBytes();
    out.putInt(checksum(body, 0, body.length));
    return out.toBytes();
  }

  static int checksum(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  /** Bytes of the whole chunk in the file. */
  int size() {
    return FRAME_BYTES + content.length;
  }

  /** Bytes of a chunk before its checksum. */
  static int bodySize(int contentLength) {
    return FRAME_BYTES - CHECKSUM_BYTES + contentLength;
  }
}
