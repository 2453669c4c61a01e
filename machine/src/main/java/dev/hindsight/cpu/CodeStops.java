package dev.hindsight.cpu;

import java.util.Arrays;
import java.util.List;

/**
 * Addresses of instructions before which a run stops, arranged so that few blocks are looked at.
 */
public final class CodeStops {
  static final CodeStops NONE = new CodeStops(Stops.NONE);

  private final long[] addresses;
  private final List<Stops.Range> ranges;

  /** Bit n is set where the number of a page of one of the addresses is n, modulo 64. */
  private final long pages;

  CodeStops(Stops stops) {
    addresses = stops.code().stream().mapToLong(Long::longValue).sorted().toArray();
    ranges = stops.ranges().stream().filter(r -> r.access() == Stops.Access.EXECUTE).toList();
    long bits = 0;
    for (long a : addresses) {
      bits |= 1L << (a >>> 12);
    }
    pages = bits;
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return addresses.length == 0 && ranges.isEmpty();
  }

  /**
   * Whether one of so many bytes may be the first of an instruction to stop at.
   *
   * @param linear linear address of the first
   * @param physical its physical address
   * @param bytes their number, within a page or an instruction
   */
  public boolean mayLieIn(long linear, long physical, int bytes) {
    if ((pages & (1L << (linear >>> 12) | 1L << (linear + bytes - 1 >>> 12))) != 0) {
      int at = Arrays.binarySearch(addresses, linear);
      int next = at < 0 ? -at - 1 : at;
      if (next < addresses.length && addresses[next] - linear < bytes) {
        return true;
      }
    }
    for (Stops.Range r : ranges) {
      if (r.overlaps(r.physical() ? physical : linear, bytes)) {
        return true;
      }
    }
    return false;
  }

  /** Whether to stop at an instruction at an address. */
  public boolean at(long linear, long physical) {
    return mayLieIn(linear, physical, 1);
  }
}
