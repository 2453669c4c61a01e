package dev.hindsight.timeline.store;

import dev.hindsight.timeline.RecordingException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Kernels as distributions have them: Multiboot kernels are often compressed (RFC 1952). */
public final class Gzip {
  private static final byte FIRST = 0x1F;
  private static final byte SECOND = (byte) 0x8B;

  private Gzip() {}

  /**
   * The bytes of a kernel, compressed or not.
   *
   * @param file its file; a stream that can be marked
   * @throws IOException if it cannot be read, or is compressed and damaged
   */
  public static InputStream expand(InputStream file) throws IOException {
    file.mark(2);
    byte[] magic = file.readNBytes(2);
    file.reset();
    return isCompressed(magic) ? new GZIPInputStream(file) : file;
  }

  private static boolean isCompressed(byte[] file) {
    return file.length >= 2 && file[0] == FIRST && file[1] == SECOND;
  }

  /**
   * The kernel in a file.
   *
   * @param path where the file is, for sentences
   * @param most the most bytes that the kernel may have
   * @throws RecordingException if it is compressed and cannot be expanded, or is too large
   */
  static byte[] expand(String path, byte[] file, long most) throws RecordingException {
    if (!isCompressed(file)) {
      return file;
    }
    int limit = (int) Math.min(most, Integer.MAX_VALUE - 8);
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(file))) {
      byte[] kernel = in.readNBytes(limit);
      if (in.read() >= 0) {
        throw new RecordingException(
            "The kernel %s is too large: the machine has %d bytes of memory."
                .formatted(path, most));
      }
      return kernel;
    } catch (RecordingException e) {
      throw e;
    } catch (IOException e) {
      throw new RecordingException("The kernel %s is compressed, and damaged.".formatted(path));
    }
  }
}
