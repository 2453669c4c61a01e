package dev.hindsight.cpu.protection;

import dev.hindsight.cpu.Vcpu;

/**
 * A 16- or 32-bit task-state segment in memory (SDM volume 3, sections 8.2.1 and 8.6).
 *
 * @param cpu the vCPU through whose linear memory it is reached
 * @param base its linear address
 * @param narrow whether it has the 16-bit layout
 */
record TaskSegment(Vcpu cpu, long base, boolean narrow) {
  private static final int CR3 = 28;
  private static final int TRAP = 100;

  /** Size without I/O map: what its limit must cover. */
  int size() {
    return narrow ? 44 : 104;
  }

  /** Selector of the task to return to. */
  int backLink() {
    return (int) read(0, 2);
  }

  /** Writes the selector of the task to return to. */
  void backLink(int selector) {
    write(0, 2, selector);
  }

  /** CR3; 32-bit layout only. */
  int cr3() {
    return (int) read(CR3, 4);
  }

  /** The T flag: whether entering the task raises a debug exception. */
  boolean trap() {
    return !narrow && (read(TRAP, 2) & 1) != 0;
  }

  /** EIP. */
  long ip() {
    return read(narrow ? 14 : 32, width());
  }

  /** Writes EIP. */
  void ip(long value) {
    write(narrow ? 14 : 32, width(), value);
  }

  /** EFLAGS; the 16-bit layout has bits 15:0 only. */
  int flags() {
    return (int) read(narrow ? 16 : 36, width());
  }

  /** Writes EFLAGS. */
  void flags(int value) {
    write(narrow ? 16 : 36, width(), value);
  }

  /** A general register, 0 to 7. */
  long general(int n) {
    return read(generalOffset(n), width());
  }

  /** Writes a general register, 0 to 7. */
  void general(int n, long value) {
    write(generalOffset(n), width(), value);
  }

  private int generalOffset(int n) {
    return narrow ? 18 + 2 * n : 40 + 4 * n;
  }

  /** Number of segment registers it has: the 16-bit layout lacks FS and GS. */
  int segments() {
    return narrow ? 4 : 6;
  }

  /** Selector of a segment register, 0 to {@link #segments()} - 1. */
  int segment(int n) {
    return (int) read(segmentOffset(n), 2);
  }

  /** Writes the selector of a segment register. */
  void segment(int n, int selector) {
    write(segmentOffset(n), 2, selector);
  }

  private int segmentOffset(int n) {
    return narrow ? 34 + 2 * n : 72 + 4 * n;
  }

  /** Selector of the LDT. */
  int ldt() {
    return (int) read(narrow ? 42 : 96, 2);
  }

  /** Faults if it cannot be read. */
  void probeRead() {
    cpu.memory().probeSystemRead(base, size());
  }

  /** Faults if it cannot be written. */
  void probeWrite() {
    cpu.memory().probeSystemWrite(base, size());
  }

  /** Faults if the back link cannot be written. */
  void probeBackLink() {
    cpu.memory().probeSystemWrite(base, 2);
  }

  private int width() {
    return narrow ? 2 : 4;
  }

  private long read(int offset, int bytes) {
    return cpu.memory().readSystem(DescriptorTables.wrap(cpu, base + offset), bytes);
  }

  private void write(int offset, int bytes, long value) {
    cpu.memory().writeSystem(DescriptorTables.wrap(cpu, base + offset), bytes, value);
  }
}
