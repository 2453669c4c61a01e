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
  /** A block needs registers that have not been loaded, see Units; nothing of it was executed. */
  UNITS;

  private static final ExitKind[] ALL = values();

  static ExitKind of(int number) {
    return ALL[number];
  }
}
