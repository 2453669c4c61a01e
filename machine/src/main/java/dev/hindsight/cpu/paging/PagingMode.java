package dev.hindsight.cpu.paging;

/** Paging modes (SDM volume 3, section 4.1.1). */
public enum PagingMode {
  /** CR0.PG clear: linear addresses are physical. */
  NONE,
  /** 32-bit paging, with 4 MiB pages if CR4.PSE. */
  BITS32,
  /** PAE paging: 64-bit entries, roots in the PDPTE registers. */
  PAE,
  /** 4-level paging. */
  FOUR_LEVEL
}
