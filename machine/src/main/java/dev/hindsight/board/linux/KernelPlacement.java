package dev.hindsight.board.linux;

import dev.hindsight.board.firmware.PcMemory;

/**
 * Where the kernel goes: where it prefers to be, or, if memory ends below that and it is
 * relocatable, to the lowest place above 1 MiB that suits it.
 *
 * @param address physical address
 * @param alignment what the header is to say of the boundary that it lies at; 0 if nothing new
 */
record KernelPlacement(long address, long alignment) {
  /**
   * Finds the place.
   *
   * @throws IllegalArgumentException if there is none
   */
  static KernelPlacement of(BzImage kernel, PcMemory memory) {
    long preferred = kernel.preferredAddress();
    if (fits(preferred, kernel, memory)) {
      return new KernelPlacement(preferred, 0);
    }
    if (kernel.isRelocatable()) {
      for (long alignment : kernel.alignments()) {
        long address = Math.ceilDiv(PcMemory.HIGH, alignment) * alignment;
        if (fits(address, kernel, memory)) {
          return new KernelPlacement(address, alignment);
        }
      }
    }
    boolean fitsSomewhere = kernel.initialSize() <= memory.lowEnd() - PcMemory.HIGH;
    throw new IllegalArgumentException(
        fitsSomewhere
            ? "the kernel wants to be loaded outside of memory"
            : tooSmall("the kernel needs", memory));
  }

  /** What is said if memory is too small. */
  static String tooSmall(String who, PcMemory memory) {
    return "%s more than the machine's %d MiB of memory".formatted(who, memory.bytes() >> 20);
  }

  private static boolean fits(long address, BzImage kernel, PcMemory memory) {
    return address >= PcMemory.HIGH
        && address <= memory.lowEnd()
        && kernel.initialSize() <= memory.lowEnd() - address;
  }
}
