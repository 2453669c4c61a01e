package dev.hindsight.bus;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What lies where in an address space: ranges that do not overlap, in ascending order. */
final class AddressRanges {
  private final List<Range> ranges = new ArrayList<>();
  private @Nullable Range last;

  /**
   * A range.
   *
   * @param start first address
   * @param length number of addresses, at least 1
   * @param reads what answers reads
   * @param writes what takes writes
   */
  record Range(long start, long length, MapTarget reads, MapTarget writes) {
    boolean contains(long address) {
      return address - start >= 0 && address - start < length;
    }

    long end() {
      return start + length;
    }

    private Range part(long from, long to) {
      return new Range(from, to - from, reads.from(from - start), writes.from(from - start));
    }
  }

  List<Range> all() {
    return ranges;
  }

  /** Puts a range in, in place of what was there. */
  void put(Range range) {
    List<Range> next = new ArrayList<>();
    for (Range r : ranges) {
      if (r.end() <= range.start || r.start >= range.end()) {
        next.add(r);
        continue;
      }
      if (r.start < range.start) {
        next.add(r.part(r.start, range.start));
      }
      if (r.end() > range.end()) {
        next.add(r.part(range.end(), r.end()));
      }
    }
    int at = 0;
    while (at < next.size() && next.get(at).start < range.start) {
      at++;
    }
    next.add(at, range);
    ranges.clear();
    ranges.addAll(next);
    last = null;
  }

  /** The range that an address lies in, or null. */
  @Nullable Range at(long address) {
    Range recent = last;
    if (recent != null && recent.contains(address)) {
      return recent;
    }
    int low = 0;
    int high = ranges.size() - 1;
    while (low <= high) {
      int middle = low + high >>> 1;
      Range r = ranges.get(middle);
      if (r.contains(address)) {
        last = r;
        return r;
      }
      if (address < r.start) {
        high = middle - 1;
      } else {
        low = middle + 1;
      }
    }
    return null;
  }
}
