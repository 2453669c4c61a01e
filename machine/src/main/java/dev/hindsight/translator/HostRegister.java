package dev.hindsight.translator;

/**
 * General registers of the host by number, and what those are for that hold none of the guest's.
 */
final class HostRegister {
  static final int RAX = 0;
  static final int RCX = 1;
  static final int RDX = 2;
  static final int RBX = 3;
  static final int RSP = 4;
  static final int RBP = 5;
  static final int RSI = 6;
  static final int RDI = 7;
  static final int R8 = 8;
  static final int R9 = 9;
  static final int R10 = 10;
  static final int R11 = 11;
  static final int R12 = 12;
  static final int R13 = 13;
  static final int R14 = 14;
  static final int R15 = 15;

  /** Holds the guest's flags, as LAHF and SETO AL leave them, where the host's flags do not. */
  static final int FLAGS = RAX;

  /** An address, first linear, then of the host. */
  static final int ADDRESS = R10;

  /** For a moment: the TLB entry, a value. */
  static final int TEMPORARY = R11;

  /** Points into the {@link EngineArea}. */
  static final int AREA = R14;

  /** Steps that may still be executed. */
  static final int BUDGET = R15;

  private HostRegister() {}
}
