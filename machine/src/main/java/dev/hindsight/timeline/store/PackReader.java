package dev.hindsight.timeline.store;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.hindsight.timeline.RecordingException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/**
 * Reads the entries of a packed recording, which may come from anybody: it needs little memory
 * whatever the file says, and never writes more than its caller allows.
 */
final class PackReader {
  private final CheckedInputStream in;
  private final Path file;
  private final long total;
  private final byte[] piece = new byte[PackWriter.PIECE_BYTES];
  private long seen;

  /**
   * Reads the beginning of a file.
   *
   * @param file its path, for sentences
   */
  PackReader(InputStream in, Path file) throws IOException {
    this.in = new CheckedInputStream(in, new CRC32C());
    this.file = file;
    byte[] title = this.in.readNBytes(PackWriter.TITLE.length);
    String text = new String(title, StandardCharsets.ISO_8859_1);
    String own = new String(PackWriter.TITLE, StandardCharsets.US_ASCII);
    if (!text.equals(own)) {
      int number = own.length() - 2;
      throw new RecordingException(
          text.startsWith(own.substring(0, number))
              ? "The packed recording %s has another format than the one that this release reads."
                  .formatted(file)
              : "The file %s is not a packed recording.".formatted(file));
    }
    total = getLong();
    if (total < 0) {
      throw damaged();
    }
  }

  /** Bytes of the contents of all entries, as the file says. */
  long total() {
    return total;
  }

  /** Reads an entry of at most so many bytes; it must have this name. */
  byte[] read(String name, long most) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    extract(name, 0, most, out);
    return out.toByteArray();
  }

  /** Copies an entry whose length lies within limits; it must have this name. */
  void extract(String name, long least, long most, OutputStream out) throws IOException {
    String present = name();
    if (!present.equals(name)) {
      throw new RecordingException(
          "The packed recording %s is damaged: where %s ought to be there is %s."
              .formatted(file, name, present.isEmpty() ? "nothing" : "something else"));
    }
    long length = getLong();
    if (length < least || length > most || length > total - seen) {
      throw new RecordingException(
          "The packed recording %s is damaged: the length of %s makes no sense."
              .formatted(file, name));
    }
    seen += length;
    for (long done = 0; done < length; ) {
      int count = (int) Math.min(piece.length, length - done);
      decompress(count);
      out.write(piece, 0, count);
      done += count;
    }
    int checksum = (int) in.getChecksum().getValue();
    if (getInt() != checksum) {
      throw damaged();
    }
  }

  private void decompress(int count) throws IOException {
    int size = getInt();
    if (size < 1 || size > Zstd.compressBound(count)) {
      throw damaged();
    }
    byte[] compressed = bytes(size);
    try {
      if (Zstd.decompressByteArray(piece, 0, count, compressed, 0, size) != count) {
        throw damaged();
      }
    } catch (ZstdException e) {
      throw damaged();
    }
  }

  /** Makes sure that nothing follows. */
  void end() throws IOException {
    if (!name().isEmpty() || in.read() >= 0 || seen != total) {
      throw new RecordingException(
          "The packed recording " + file + " is damaged: its end is not where it ought to be.");
    }
  }

  private String name() throws IOException {
    int length = bytes(1)[0] & 0xFF;
    return new String(bytes(length), StandardCharsets.US_ASCII);
  }

  private int getInt() throws IOException {
    return ByteBuffer.wrap(bytes(Integer.BYTES)).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  private long getLong() throws IOException {
    return ByteBuffer.wrap(bytes(Long.BYTES)).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private byte[] bytes(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new RecordingException("The packed recording " + file + " ends too early.");
    }
    return bytes;
  }

  private RecordingException damaged() {
    return new RecordingException("The packed recording " + file + " is damaged.");
  }
}
