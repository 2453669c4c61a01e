package dev.hindsight.translator;

/** Why emitted code returned. */
enum ExitKind {
  /** The budget does not cover the block; nothing of it was executed. */
  BUDGET,
  /** A block ended, and where it leads to is not known to it yet. */
  LINK,
  /** A block leads to another page, which is not the one that the link expects. */
  CROSS_PAGE,
  /** An access found no entry in the TLB; the instruction has not been executed. */
  MEMORY,
  /** An instruction is for the interpreter. */
  INTERPRET,
  /** A block needs the vector registers, which have not been loaded; nothing of it was executed. */
  VECTORS;

  private static final ExitKind[] ALL = values();

  static ExitKind of(int number) {
    return ALL[number];
  }
}
