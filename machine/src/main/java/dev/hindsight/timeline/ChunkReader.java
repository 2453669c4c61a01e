package dev.hindsight.timeline;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Takes a log apart into chunks, up to the first byte that is not as it was written. */
final class ChunkReader {
  private final byte[] bytes;
  private final ByteBuffer in;
  private int position;
  private @Nullable String damage;

  ChunkReader(byte[] bytes, int start) {
    this.bytes = bytes;
    this.in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.position = start;
  }

  /** The next chunk, or null at the end or at damage. */
  @Nullable Chunk next() {
    int rest = bytes.length - position;
    if (rest == 0 || damage != null) {
      return null;
    }
    if (rest < Chunk.FRAME_BYTES) {
      return damaged("it ends in the middle of an entry");
    }
    int length = in.getInt(position + 4);
    if (length < 0 || length > rest - Chunk.FRAME_BYTES) {
      return damaged("it ends in the middle of an entry");
    }
    int body = Chunk.bodySize(length);
    if (Chunk.checksum(bytes, position, body) != in.getInt(position + body)) {
      return damaged("a checksum does not match");
    }
    int code = in.getInt(position);
    for (Chunk.Type type : Chunk.Type.values()) {
      if (type.code() == code) {
        byte[] content = new byte[length];
        in.get(position + 8, content);
        position += length + Chunk.FRAME_BYTES;
        return new Chunk(type, content);
      }
    }
    return damaged("there is an entry that this release does not know");
  }

  /** Byte at which the next chunk begins. */
  int position() {
    return position;
  }

  /** What is wrong with the rest of the log, or null. */
  @Nullable String damage() {
    return damage;
  }

  @Nullable Chunk damaged(String how) {
    damage = "The log is damaged from byte " + position + " on: " + how + ".";
    return null;
  }
}
