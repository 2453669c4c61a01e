package dev.hindsight.cpu.protection;

/**
 * Fields of a segment selector (SDM volume 3, section 3.4.2): index in bits 15:3, table indicator
 * in bit 2, requested privilege level in bits 1:0.
 */
final class Selector {
  private static final int LOCAL = 4;

  private Selector() {}

  /** Whether it is one of the four null selectors, 0 to 3. */
  static boolean isNull(int selector) {
    return (selector & 0xFFFC) == 0;
  }

  /** Whether it points into the LDT. */
  static boolean isLocal(int selector) {
    return (selector & LOCAL) != 0;
  }

  /** Requested privilege level, 0 to 3. */
  static int rpl(int selector) {
    return selector & 3;
  }

  /** Offset of its descriptor in its table. */
  static int tableOffset(int selector) {
    return selector & 0xFFF8;
  }

  /** The same selector with another requested privilege level. */
  static int withRpl(int selector, int rpl) {
    return (selector & 0xFFFC) | rpl;
  }

  /**
   * The error code that names it (SDM volume 3, section 6.13).
   *
   * @param ext 1 if an event external to the program is being delivered, else 0
   */
  static int errorCode(int selector, int ext) {
    return (selector & 0xFFFC) | ext;
  }
}
