package dev.hindsight.timeline.store;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.hindsight.memory.GuestRam;
import dev.hindsight.timeline.RecordingException;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The pages of a {@link CheckpointDirectory}: a file that only grows. Pages are numbered from 1 in
 * their order; {@link #CLUSTER_PAGES} of them are compressed together. The format is described in
 * docs/formats/checkpoints.md.
 *
 * <p>What is appended is collected until {@link #flush}, so that its size can be known before.
 */
final class PageFile implements Closeable {
  private static final byte[] TITLE = "hindsight pages 1\n".getBytes(StandardCharsets.US_ASCII);

  /** Pages that are compressed together. */
  static final int CLUSTER_PAGES = 16;

  /** Number of the page of zeros, which is nowhere. */
  static final int ZEROS = 0;

  private static final int LEVEL = 1;
  private static final int FIXED_BYTES = 4 * Integer.BYTES;
  private static final int PAGE = GuestRam.PAGE_BYTES;
  private static final int MOST_PAGES = 1 << 28;

  private final Path path;
  private final FileChannel channel;
  private final List<Cluster> clusters = new ArrayList<>();
  private PageKeys keys = new PageKeys();
  private long end;
  private int pages;

  // what is yet to be written
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
  private final byte[] filling = new byte[CLUSTER_PAGES * PAGE];
  private final List<byte[]> fillingKeys = new ArrayList<>();
  private final byte[] room = new byte[(int) Zstd.compressBound(CLUSTER_PAGES * PAGE)];

  // the cluster that was read last
  private final byte[] unpacked = new byte[CLUSTER_PAGES * PAGE];
  private int present = -1;

  /**
   * Where a cluster is.
   *
   * @param first number of its first page
   * @param at offset of its compressed bytes in the file
   */
  private record Cluster(int first, int count, long at, int length, int checksum) {}

  private PageFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** Makes a file, which must not exist. */
  static PageFile create(Path path) throws IOException {
    try (FileChannel out = HostFiles.create(path)) {
      out.write(ByteBuffer.wrap(TITLE));
    }
    return open(path, true);
  }

  /**
   * Opens a file. Only what is whole at its beginning is seen of it.
   *
   * @throws IOException if there is none, or it cannot be read
   */
  static PageFile open(Path path, boolean writable) throws IOException {
    FileChannel channel =
        writable
            ? FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)
            : FileChannel.open(path, StandardOpenOption.READ);
    try {
      PageFile file = new PageFile(path, channel);
      file.scan();
      return file;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private void scan() throws IOException {
    byte[] title = bytes(0, TITLE.length);
    if (!Arrays.equals(title, TITLE)) {
      throw damaged();
    }
    end = TITLE.length;
    long size = channel.size();
    while (size - end >= FIXED_BYTES) {
      ByteBuffer in = ByteBuffer.wrap(bytes(end, FIXED_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
      int count = in.getInt();
      int length = in.getInt();
      int checksum = in.getInt();
      int headChecksum = in.getInt();
      if (count < 1
          || count > CLUSTER_PAGES
          || length < 1
          || length > room.length
          || pages > MOST_PAGES) {
        return;
      }
      long at = end + FIXED_BYTES + (long) count * PageKeys.BYTES;
      if (at + length > size) {
        return;
      }
      byte[] all = bytes(end + FIXED_BYTES, count * PageKeys.BYTES);
      if (headChecksum != headChecksum(count, length, checksum, all)) {
        return;
      }
      add(new Cluster(pages + 1, count, at, length, checksum), all);
      end = at + length;
    }
  }

  private void add(Cluster cluster, byte[] all) {
    clusters.add(cluster);
    for (int i = 0; i < cluster.count; i++) {
      keys.put(
          Arrays.copyOfRange(all, i * PageKeys.BYTES, (i + 1) * PageKeys.BYTES), cluster.first + i);
    }
    pages += cluster.count;
  }

  private static int headChecksum(int count, int length, int checksum, byte[] keys) {
    CRC32C crc = new CRC32C();
    ByteBuffer head = ByteBuffer.allocate(3 * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    head.putInt(count).putInt(length).putInt(checksum).flip();
    crc.update(head);
    crc.update(keys);
    return (int) crc.getValue();
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private byte[] bytes(long at, int count) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(count);
    while (into.hasRemaining()) {
      if (channel.read(into, at + into.position()) < 0) {
        throw damaged();
      }
    }
    return into.array();
  }

  private RecordingException damaged() {
    return new RecordingException("The file " + path + " is damaged.");
  }

  /** Whether there is nothing behind what is seen of it, so that pages may be added. */
  boolean isWhole() throws IOException {
    return channel.size() == end;
  }

  /** Number of pages. */
  int pages() {
    return pages;
  }

  /** Bytes in the file, with what {@link #flush} would add. */
  long bytes() {
    return end + pending.size() + (fillingKeys.isEmpty() ? 0 : FIXED_BYTES + room.length);
  }

  // ---- adding

  /**
   * Adds a page, unless one with the same contents is there.
   *
   * @return its number
   */
  int add(byte[] page) {
    byte[] key = keys.key(page);
    int known = keys.find(key);
    if (known != 0) {
      return known;
    }
    int number = pages + fillingKeys.size() + 1;
    System.arraycopy(page, 0, filling, fillingKeys.size() * PAGE, PAGE);
    fillingKeys.add(key);
    keys.put(key, number);
    if (fillingKeys.size() == CLUSTER_PAGES) {
      compress();
    }
    return number;
  }

  /** Forgets what was added since the last {@link #flush}. */
  void abandon() throws IOException {
    pending.reset();
    fillingKeys.clear();
    clusters.clear();
    keys = new PageKeys();
    pages = 0;
    present = -1;
    scan();
  }

  private void compress() {
    int count = fillingKeys.size();
    long size = Zstd.compressByteArray(room, 0, room.length, filling, 0, count * PAGE, LEVEL);
    if (Zstd.isError(size)) {
      throw new IllegalStateException("compression failed: " + Zstd.getErrorName(size));
    }
    int length = (int) size;
    byte[] all = new byte[count * PageKeys.BYTES];
    for (int i = 0; i < count; i++) {
      System.arraycopy(fillingKeys.get(i), 0, all, i * PageKeys.BYTES, PageKeys.BYTES);
    }
    int checksum = checksum(room, length);
    ByteBuffer head = ByteBuffer.allocate(FIXED_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    head.putInt(count).putInt(length).putInt(checksum);
    head.putInt(headChecksum(count, length, checksum, all));
    pending.writeBytes(head.array());
    pending.writeBytes(all);
    clusters.add(new Cluster(pages + 1, count, end + pending.size(), length, checksum));
    pending.write(room, 0, length);
    pages += count;
    fillingKeys.clear();
  }

  /** Writes what was added. If that is not possible the file must not be used any more. */
  void flush() throws IOException {
    if (!fillingKeys.isEmpty()) {
      compress();
    }
    ByteBuffer out = ByteBuffer.wrap(pending.toByteArray());
    while (out.hasRemaining()) {
      channel.write(out, end + out.position());
    }
    end += pending.size();
    pending.reset();
  }

  // ---- reading

  /**
   * Reads a page that was flushed; quick where pages are read in their order.
   *
   * @param number a page's number, from 1
   * @param into a page
   * @throws IOException if it is damaged
   */
  void read(int number, byte[] into) throws IOException {
    if (number < 1 || number > pages) {
      throw damaged();
    }
    int index = find(number);
    Cluster cluster = clusters.get(index);
    if (index != present) {
      present = -1;
      unpack(cluster);
      present = index;
    }
    System.arraycopy(unpacked, (number - cluster.first) * PAGE, into, 0, PAGE);
  }

  /** The cluster with a page: all but the last of each flush are full. */
  private int find(int number) {
    int low = 0;
    int high = clusters.size() - 1;
    while (low < high) {
      int middle = low + high + 1 >>> 1;
      if (clusters.get(middle).first <= number) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private void unpack(Cluster cluster) throws IOException {
    byte[] compressed = bytes(cluster.at, cluster.length);
    if (checksum(compressed, compressed.length) != cluster.checksum) {
      throw damaged();
    }
    int size = cluster.count * PAGE;
    try {
      if (Zstd.decompressByteArray(unpacked, 0, size, compressed, 0, compressed.length) != size) {
        throw damaged();
      }
    } catch (ZstdException e) {
      throw damaged();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
