package dev.hindsight.silicon;

/**
 * What the data pages hold when each case of a batch begins; pages that are not there are unused.
 */
record DataPages(byte[][] contents) {
  /** Pages of zeros. */
  static DataPages zeros() {
    return new DataPages(new byte[Layout.DATA_PAGES][Layout.PAGE]);
  }
}
