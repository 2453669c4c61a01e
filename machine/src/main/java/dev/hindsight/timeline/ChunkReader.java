package dev.hindsight.timeline;

import dev.hindsight.bus.state.StateFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Takes a log apart into chunks, up to the first byte that is not as it was written. */
final class ChunkReader {
  private static final String CUT_OFF = "it ends in the middle of an entry";

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
    if (position == bytes.length || damage != null) {
      return null;
    }
    CompactReader header = new CompactReader(bytes, position, bytes.length);
    long first;
    try {
      first = header.getNumber();
    } catch (StateFormatException e) {
      return damaged(CUT_OFF);
    }
    int start = header.position();
    long length = first >>> Chunk.TYPE_BITS;
    if (length > bytes.length - start - Chunk.CHECKSUM_BYTES) {
      return damaged(CUT_OFF);
    }
    int end = start + (int) length;
    if (Chunk.checksum(bytes, position, end - position) != in.getInt(end)) {
      return damaged("a checksum does not match");
    }
    int code = (int) first & (1 << Chunk.TYPE_BITS) - 1;
    for (Chunk.Type type : Chunk.Type.values()) {
      if (type.code() == code) {
        position = end + Chunk.CHECKSUM_BYTES;
        return new Chunk(type, Arrays.copyOfRange(bytes, start, end));
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

  private @Nullable Chunk damaged(String how) {
    damage = "The log is damaged from byte " + position + " on: " + how + ".";
    return null;
  }
}
