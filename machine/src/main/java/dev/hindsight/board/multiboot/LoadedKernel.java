package dev.hindsight.board.multiboot;

import dev.hindsight.board.firmware.PcMemory;
import java.util.Comparator;
import java.util.List;

/**
 * What of a kernel goes where.
 *
 * @param segments its parts, in order of address
 * @param entry physical address of its first instruction
 */
record LoadedKernel(List<Segment> segments, long entry) {
  /** Below it are interrupt vectors, BIOS data, and the page by which the ROM starts processors. */
  private static final long LOW = 0x9000;

  /**
   * A part.
   *
   * @param address physical address
   * @param memoryBytes size in memory, at least {@code fileBytes}; the rest is zero
   * @param fileOffset where its contents are in the file
   * @param fileBytes size of its contents
   */
  record Segment(long address, long memoryBytes, long fileOffset, long fileBytes) {
    long end() {
      return address + memoryBytes;
    }
  }

  /**
   * Sorts the segments.
   *
   * @throws IllegalArgumentException if there is none or they overlap
   */
  LoadedKernel {
    segments = segments.stream().sorted(Comparator.comparingLong(Segment::address)).toList();
    if (segments.isEmpty()) {
      throw new IllegalArgumentException("it is a kernel of which nothing is to be loaded");
    }
    for (int i = 1; i < segments.size(); i++) {
      if (segments.get(i).address < segments.get(i - 1).end()) {
        throw new IllegalArgumentException("it is a kernel with parts that overlap");
      }
    }
  }

  /** Reads a kernel of either kind. */
  static LoadedKernel of(KernelFile file, PcMemory memory) {
    MultibootHeader header = MultibootHeader.of(file);
    return header.hasAddresses()
        ? FlatKernel.load(file, header.offset(), memory)
        : ElfKernel.load(file, memory);
  }

  /** A segment of which is known that it fits into memory and is in the file. */
  static Segment segment(
      KernelFile file, PcMemory memory, long address, long memoryBytes, long offset, long bytes) {
    if (offset < 0 || bytes < 0 || bytes > file.size() || offset > file.size() - bytes) {
      throw new IllegalArgumentException("it is a kernel that was cut short");
    }
    boolean isLow =
        address >= LOW && memoryBytes >= 0 && memoryBytes <= PcMemory.CONVENTIONAL_END - address;
    if (address < PcMemory.HIGH && !isLow) {
      throw new IllegalArgumentException(
          "the kernel wants to be loaded where below 1 MiB there is no free memory");
    }
    if (memoryBytes < 0
        || memoryBytes > memory.lowEnd()
        || address > memory.lowEnd() - memoryBytes) {
      throw new IllegalArgumentException(
          "the kernel needs more than the machine's " + (memory.bytes() >> 20) + " MiB of memory");
    }
    if (memoryBytes < bytes) {
      throw new IllegalArgumentException("it is a kernel with a part larger than its place");
    }
    return new Segment(address, memoryBytes, offset, bytes);
  }

  /** End of its last part, or of conventional memory if all of it is there. */
  long end() {
    return Math.max(PcMemory.HIGH, segments.getLast().end());
  }

  /** End of its last part below 1 MiB; 0 if there is none. */
  long lowEnd() {
    return segments.stream()
        .filter(s -> s.address < PcMemory.HIGH)
        .mapToLong(Segment::end)
        .max()
        .orElse(0);
  }

  /** Whether an address is in one of its parts. */
  boolean contains(long address) {
    return segments.stream().anyMatch(s -> address >= s.address && address < s.end());
  }
}
