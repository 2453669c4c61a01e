package dev.hindsight.bench.memory;

import dev.hindsight.memory.GuestRam;
import dev.hindsight.memory.HostMemory;
import dev.hindsight.memory.RamSnapshot;
import java.util.Arrays;

/**
 * Measures memory of several sizes, all of it touched: how long a snapshot takes, how long the
 * first write to a page after it takes, how long writes to pages that are private already take, how
 * fast pages are hashed, and how long a restore takes that undoes 100 pages. Medians over many
 * rounds.
 */
public final class SnapshotBenchmark {
  private static final int ROUNDS = 200;
  private static final int WRITES = 2000;
  private static final int FEW = 100;
  private static final double KIB = 1024;

  private SnapshotBenchmark() {}

  /** Prints a table; arguments are sizes in MiB. */
  public static void main(String[] arguments) {
    int[] sizes =
        arguments.length == 0
            ? new int[] {16, 64, 256, 1024}
            : Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
    System.out.println(
        "    MiB   snapshot us   copy ns/page   write ns/page   hash GiB/s   restore us");
    measure(16, false);
    for (int size : sizes) {
      measure(size, true);
    }
  }

  private static void measure(int mebibytes, boolean print) {
    try (GuestRam ram = new GuestRam((long) mebibytes << 20)) {
      for (long p = 0; p < ram.pages(); p++) {
        HostMemory.putLong(ram.writeAddress(p), p + 1);
      }
      long began = System.nanoTime();
      long hash = ram.hash();
      double seconds = (System.nanoTime() - began) / 1e9;
      long[] snapshot = new long[ROUNDS];
      long[] copy = new long[ROUNDS];
      long[] write = new long[ROUNDS];
      long[] restore = new long[ROUNDS];
      for (int i = 0; i < ROUNDS; i++) {
        round(ram, i, snapshot, copy, write, restore);
      }
      if (hash == 0) {
        throw new IllegalStateException("memory that is not zero has a hash that is not 0");
      }
      if (print) {
        System.out.printf(
            "%7d %13.2f %14.1f %15.1f %12.2f %12.2f%n",
            mebibytes,
            median(snapshot) / 1e3,
            (double) median(copy) / WRITES,
            (double) median(write) / WRITES,
            mebibytes / KIB / seconds,
            median(restore) / 1e3);
      }
    }
  }

  private static void round(
      GuestRam ram, int i, long[] snapshot, long[] copy, long[] write, long[] restore) {
    long t0 = System.nanoTime();
    RamSnapshot kept = ram.snapshot();
    long t1 = System.nanoTime();
    long first = (long) i * WRITES % (ram.pages() - WRITES);
    writePages(ram, first, WRITES);
    long t2 = System.nanoTime();
    writePages(ram, first, WRITES);
    long t3 = System.nanoTime();
    snapshot[i] = t1 - t0;
    copy[i] = t2 - t1;
    write[i] = t3 - t2;
    kept.close();
    try (RamSnapshot undo = ram.snapshot()) {
      writePages(ram, first, FEW);
      long t4 = System.nanoTime();
      ram.restore(undo);
      restore[i] = System.nanoTime() - t4;
    }
  }

  private static void writePages(GuestRam ram, long first, int count) {
    for (long p = first; p < first + count; p++) {
      HostMemory.putLong(ram.writeAddress(p) + 8, p);
    }
  }

  private static long median(long[] values) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
