package dev.hindsight.board.multiboot;

import dev.hindsight.board.firmware.PcMemory;
import java.util.List;

/**
 * A kernel in a file of any format, whose header says where it goes (Multiboot 3.1.3, "address
 * fields").
 */
final class FlatKernel {
  private FlatKernel() {}

  static LoadedKernel load(KernelFile file, int header, PcMemory memory) {
    long headerAddress = file.dwordAt(header + 12);
    long start = file.dwordAt(header + 16);
    long loadEnd = file.dwordAt(header + 20);
    long bssEnd = file.dwordAt(header + 24);
    long entry = file.dwordAt(header + 28);
    long offset = header - (headerAddress - start);
    if (headerAddress < start || offset < 0) {
      throw new IllegalArgumentException("it is a kernel with a header outside of what is loaded");
    }
    long bytes = loadEnd == 0 ? file.size() - offset : loadEnd - start;
    long memoryBytes = bssEnd == 0 ? bytes : bssEnd - start;
    return new LoadedKernel(
        List.of(LoadedKernel.segment(file, memory, start, memoryBytes, offset, bytes)), entry);
  }
}
