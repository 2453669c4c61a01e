package dev.hindsight.board.multiboot;

/**
 * The header that a kernel has in its first 8192 bytes (Multiboot 3.1).
 *
 * @param offset where it is in the file
 * @param flags what the kernel wants
 */
record MultibootHeader(int offset, int flags) {
  private static final int MAGIC = 0x1BAD_B002;
  private static final int SEARCHED = 8192;
  private static final int ALIGNMENT = 4;
  private static final int SMALLEST = 12;

  /** Modules on page boundaries, memory information, video mode: given, given, and optional. */
  private static final int KNOWN = 0b111;

  private static final int REQUIRED = 0xFFFF;
  private static final int ADDRESSES_VALID = 1 << 16;

  /**
   * Finds the header.
   *
   * @throws IllegalArgumentException if there is none, or if it requires what is unknown
   */
  static MultibootHeader of(KernelFile file) {
    int end = Math.min(SEARCHED, file.size()) - SMALLEST;
    for (int at = 0; at <= end; at += ALIGNMENT) {
      int flags = (int) file.dwordAt(at + 4);
      int sum = MAGIC + flags + (int) file.dwordAt(at + 8);
      if ((int) file.dwordAt(at) == MAGIC && sum == 0) {
        if ((flags & REQUIRED & ~KNOWN) != 0) {
          throw new IllegalArgumentException(
              "it is a Multiboot kernel that requires features 0x%x, which are unknown"
                  .formatted(flags & REQUIRED & ~KNOWN));
        }
        return new MultibootHeader(at, flags);
      }
    }
    throw new IllegalArgumentException("it is no Multiboot kernel");
  }

  /**
   * Whether it says itself where the kernel goes, so that the format of the file does not count.
   */
  boolean hasAddresses() {
    return (flags & ADDRESSES_VALID) != 0;
  }
}
