package dev.hindsight.timeline.store;

import dev.hindsight.storage.AbsentBlockException;
import dev.hindsight.storage.BlockStore;
import dev.hindsight.storage.WitnessedBlocks;
import dev.hindsight.timeline.RecordingException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A disk image in a file that holds only the blocks that a recorded run read. Its format is
 * described in docs/formats/packed.md.
 */
public final class SparseImage implements BlockStore, Closeable {
  private static final int BLOCK = WitnessedBlocks.BLOCK_BYTES;

  private final Path file;
  private final FileChannel channel;
  private final BlocksHeader header;

  private SparseImage(Path file, FileChannel channel, BlocksHeader header) {
    this.file = file;
    this.channel = channel;
    this.header = header;
  }

  /**
   * Opens an image.
   *
   * @throws IOException if it cannot be read, or is damaged; the message is one sentence
   */
  public static SparseImage open(Path file) throws IOException {
    FileChannel channel = HostFiles.open("disk image", file);
    try {
      return new SparseImage(file, channel, readHeader(file, channel));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static BlocksHeader readHeader(Path file, FileChannel channel) throws IOException {
    long fileBytes = channel.size();
    if (fileBytes >= BlocksHeader.bytes(0)) {
      int count = BlocksHeader.count(read(channel, BlocksHeader.FIXED_BYTES), fileBytes);
      BlocksHeader header =
          count < 0
              ? null
              : BlocksHeader.read(read(channel, (int) BlocksHeader.bytes(count)), count);
      if (header != null && header.fileBytes() == fileBytes) {
        return header;
      }
    }
    throw new RecordingException(
        "The file " + file + " does not hold blocks of a disk image, or is damaged.");
  }

  private static byte[] read(FileChannel channel, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining() && channel.read(buffer, buffer.position()) >= 0) {
      // until it is full
    }
    return buffer.array();
  }

  @Override
  public long bytes() {
    return header.diskBytes();
  }

  /** Numbers of the blocks that it holds, in ascending order. */
  public long[] blocks() {
    return header.numbers().clone();
  }

  @Override
  public void read(long position, byte[] into, int offset, int length) {
    for (int done = 0; done < length; ) {
      long at = position + done;
      int within = (int) (at % BLOCK);
      int piece = Math.min(length - done, BLOCK - within);
      int index = Arrays.binarySearch(header.numbers(), at / BLOCK);
      if (index < 0) {
        throw new AbsentBlockException(
            "The disk image %s lacks block %d, which the recorded run did not read."
                .formatted(file, at / BLOCK));
      }
      FileImage.readFully(
          channel,
          file,
          header.position(index) + within,
          ByteBuffer.wrap(into, offset + done, piece));
      done += piece;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
