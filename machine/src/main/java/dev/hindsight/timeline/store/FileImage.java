package dev.hindsight.timeline.store;

import dev.hindsight.storage.BlockStore;
import dev.hindsight.storage.Disk;
import dev.hindsight.storage.StorageException;
import dev.hindsight.timeline.RecordingException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A disk image in a file that holds the bytes of the disk. If the last sector is not whole, zeros
 * follow. The file is never written.
 */
public final class FileImage implements BlockStore, Closeable {
  private final Path file;
  private final FileChannel channel;
  private final long fileBytes;

  private FileImage(Path file, FileChannel channel, long fileBytes) {
    this.file = file;
    this.channel = channel;
    this.fileBytes = fileBytes;
  }

  /**
   * Opens an image.
   *
   * @throws IOException if it cannot be read, or is empty; the message is one sentence
   */
  public static FileImage open(Path file) throws IOException {
    FileChannel channel = HostFiles.open("disk image", file);
    try {
      long bytes = channel.size();
      if (bytes == 0) {
        throw new RecordingException("The disk image " + file + " is empty.");
      }
      return new FileImage(file, channel, bytes);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public long bytes() {
    return Math.ceilDiv(fileBytes, Disk.SECTOR) * Disk.SECTOR;
  }

  @Override
  public void read(long position, byte[] into, int offset, int length) {
    int present = Math.clamp(fileBytes - position, 0, length);
    readFully(channel, file, position, ByteBuffer.wrap(into, offset, present));
    Arrays.fill(into, offset + present, offset + length, (byte) 0);
  }

  static void readFully(FileChannel channel, Path file, long position, ByteBuffer into) {
    long at = position;
    try {
      while (into.hasRemaining()) {
        int count = channel.read(into, at);
        if (count < 0) {
          throw new StorageException(
              "The disk image " + file + " has become shorter: it ends at byte " + at + ".");
        }
        at += count;
      }
    } catch (IOException e) {
      throw new StorageException(
          "The disk image %s cannot be read at byte %d: %s."
              .formatted(file, at, HostFiles.reason(e)));
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
