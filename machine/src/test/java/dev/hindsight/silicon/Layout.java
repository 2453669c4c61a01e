package dev.hindsight.silicon;

/**
 * Where the pages lie that cases run in and work on. runner.c has the same numbers.
 *
 * <p>The data pages are such that an operand across a page end can meet each combination: nothing
 * and writable, writable and writable, writable and read-only, read-only and nothing, nothing and
 * read-only, read-only and writable, writable and nothing.
 */
final class Layout {
  static final int PAGE = 4096;

  /** Address of the first data page. */
  static final long DATA_BASE = 0x1000_0000L;

  static final int DATA_PAGES = 8;

  /** Address of the first code page; the pages before and after these are not mapped. */
  static final long CODE_BASE = 0x2000_0000L;

  static final int CODE_PAGES = 2;

  /** Bytes that the code of a case may have. */
  static final int CODE_BYTES = 400;

  /** Byte that the rest of the code pages is filled with: INT3. */
  static final byte CODE_FILL = (byte) 0xCC;

  private static final int[] RIGHTS = {0, 2, 2, 1, 0, 1, 2, 0};

  private Layout() {}

  /** Whether a data page is there. */
  static boolean mapped(int page) {
    return RIGHTS[page] != 0;
  }

  /** Whether a data page may be written. */
  static boolean writable(int page) {
    return RIGHTS[page] == 2;
  }

  /** Address of a data page. */
  static long page(int page) {
    return DATA_BASE + (long) page * PAGE;
  }
}
