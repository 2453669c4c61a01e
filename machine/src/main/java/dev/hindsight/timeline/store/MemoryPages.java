package dev.hindsight.timeline.store;

import dev.hindsight.memory.GuestRam;
import dev.hindsight.memory.RamSnapshot;
import dev.hindsight.timeline.RecordingException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * Which stored pages a memory is made of. Pages of zeros are not among them.
 *
 * @param total size of the memory in pages
 * @param numbers numbers of the pages within the memory, ascending
 * @param ids for each, its number in the {@link PageFile}
 */
@SuppressWarnings("ArrayRecordComponent")
record MemoryPages(long total, long[] numbers, int[] ids) {
  private static final long MOST_PAGES = 1L << 32;

  /** Those of a memory in which nothing was written. */
  static MemoryPages none(long total) {
    return new MemoryPages(total, new long[0], new int[0]);
  }

  /** Collects pages in ascending order. */
  static final class Builder {
    private final long total;
    private long[] numbers = new long[1024];
    private int[] ids = new int[1024];
    private int size;

    Builder(long total) {
      this.total = total;
    }

    void add(long number, int id) {
      if (id == PageFile.ZEROS) {
        return;
      }
      if (size == ids.length) {
        numbers = Arrays.copyOf(numbers, 2 * size);
        ids = Arrays.copyOf(ids, 2 * size);
      }
      numbers[size] = number;
      ids[size] = id;
      size++;
    }

    MemoryPages build() {
      return new MemoryPages(total, Arrays.copyOf(numbers, size), Arrays.copyOf(ids, size));
    }
  }

  /** These, but for some pages that are others now. */
  MemoryPages with(long[] changed, int[] now) {
    Builder merged = new Builder(total);
    int i = 0;
    for (int j = 0; j < changed.length; j++) {
      for (; i < numbers.length && numbers[i] < changed[j]; i++) {
        merged.add(numbers[i], ids[i]);
      }
      if (i < numbers.length && numbers[i] == changed[j]) {
        i++;
      }
      merged.add(changed[j], now[j]);
    }
    for (; i < numbers.length; i++) {
      merged.add(numbers[i], ids[i]);
    }
    return merged.build();
  }

  /** Fills a memory. */
  RamSnapshot read(PageFile file) throws IOException {
    byte[] page = new byte[GuestRam.PAGE_BYTES];
    // in the order of the file, where pages that were written together lie together
    long[] order = new long[ids.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = (long) ids[i] << 32 | i;
    }
    Arrays.sort(order);
    try (GuestRam ram = new GuestRam(total * GuestRam.PAGE_BYTES)) {
      for (long o : order) {
        int i = (int) o;
        file.read(ids[i], page);
        ram.write(numbers[i] * GuestRam.PAGE_BYTES, page, 0, page.length);
      }
      return ram.snapshot();
    }
  }

  void write(DataOutputStream out) throws IOException {
    out.writeLong(total);
    out.writeInt(ids.length);
    for (int i = 0; i < ids.length; i++) {
      out.writeInt((int) numbers[i]);
    }
    for (int id : ids) {
      out.writeInt(id);
    }
  }

  /** Reads what {@link #write} had written. */
  static MemoryPages read(DataInputStream in) throws IOException {
    long total = in.readLong();
    int size = in.readInt();
    if (total < 1
        || total > MOST_PAGES
        || size < 0
        || size > in.available() / (2 * Integer.BYTES)) {
      throw new RecordingException("Its list of pages makes no sense.");
    }
    long[] numbers = new long[size];
    int[] ids = new int[size];
    long last = -1;
    for (int i = 0; i < size; i++) {
      numbers[i] = in.readInt() & 0xFFFF_FFFFL;
      if (numbers[i] <= last || numbers[i] >= total) {
        throw new RecordingException("Its list of pages makes no sense.");
      }
      last = numbers[i];
    }
    for (int i = 0; i < size; i++) {
      ids[i] = in.readInt();
    }
    return new MemoryPages(total, numbers, ids);
  }
}
