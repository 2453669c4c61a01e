package dev.hindsight.timeline.store;

import com.github.luben.zstd.Zstd;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/** Writes the entries of a packed recording. */
final class PackWriter implements Closeable {
  static final byte[] TITLE = "hindsight packed 1\n".getBytes(StandardCharsets.US_ASCII);

  /** Bytes that are compressed together. */
  static final int PIECE_BYTES = 1 << 20;

  private static final int LEVEL = 6;

  private final CheckedOutputStream out;
  private final byte[] piece = new byte[PIECE_BYTES];
  private int filled;
  private long rest;

  /**
   * Begins a file.
   *
   * @param total bytes of the contents of all entries
   */
  PackWriter(OutputStream out, long total) throws IOException {
    this.out = new CheckedOutputStream(out, new CRC32C());
    this.out.write(TITLE);
    this.out.write(number(total));
  }

  /** Begins an entry, whose contents follow. */
  void begin(String name, long length) throws IOException {
    byte[] n = name.getBytes(StandardCharsets.US_ASCII);
    out.write(n.length);
    out.write(n);
    out.write(number(length));
    rest = length;
    endIfComplete();
  }

  /** Adds to the contents of an entry. */
  void add(byte[] bytes, int length) throws IOException {
    if (length > rest) {
      throw new IllegalStateException("an entry has more bytes than it said");
    }
    for (int done = 0; done < length; ) {
      int part = Math.min(length - done, PIECE_BYTES - filled);
      System.arraycopy(bytes, done, piece, filled, part);
      filled += part;
      rest -= part;
      done += part;
      if (filled == PIECE_BYTES) {
        compress();
      }
    }
    endIfComplete();
  }

  private void endIfComplete() throws IOException {
    if (rest == 0) {
      compress();
      out.write(small((int) out.getChecksum().getValue()));
    }
  }

  private void compress() throws IOException {
    if (filled > 0) {
      byte[] room = new byte[(int) Zstd.compressBound(filled)];
      long size = Zstd.compressByteArray(room, 0, room.length, piece, 0, filled, LEVEL);
      if (Zstd.isError(size)) {
        throw new IllegalStateException("compression failed: " + Zstd.getErrorName(size));
      }
      out.write(small((int) size));
      out.write(room, 0, (int) size);
      filled = 0;
    }
  }

  private static byte[] small(int value) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  private static byte[] number(long value) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }

  /** Ends the file: an entry without a name. */
  @Override
  public void close() throws IOException {
    try (out) {
      out.write(0);
    }
  }
}
