package dev.hindsight.cpu;

/**
 * A segment register with its hidden part (SDM volume 3, section 3.4.3); also LDTR and TR.
 *
 * <p>{@code access} is the access byte of the descriptor (P, DPL, S, type), {@code flags} its high
 * nibble (AVL 1, L 2, D/B 4, G 8).
 */
public final class SegmentRegister {
  /** Descriptor is of code or data (access byte). */
  public static final int S = 0x10;

  /** Present (access byte). */
  public static final int PRESENT = 0x80;

  /** Code segment (type, with S). */
  public static final int CODE = 0x08;

  /** Expand-down data or conforming code (type, with S). */
  public static final int EXPAND_DOWN_OR_CONFORMING = 0x04;

  /** Writable data or readable code (type, with S). */
  public static final int WRITABLE_OR_READABLE = 0x02;

  /** Accessed (type, with S). */
  public static final int ACCESSED = 0x01;

  /** L bit (flags): 64-bit code. */
  public static final int LONG = 2;

  /** D/B bit (flags): 32-bit. */
  public static final int DEFAULT_BIG = 4;

  /** G bit (flags): the limit counts in 4 KiB. */
  public static final int GRANULAR = 8;

  private int selector;
  private long base;
  private long limit;
  private int access;
  private int flags;

  /** The 16-bit selector. */
  public int selector() {
    return selector;
  }

  /** Base, as a linear address. */
  public long base() {
    return base;
  }

  /** Limit in bytes (granularity applied), 0 to 0xFFFFFFFF. */
  public long limit() {
    return limit;
  }

  /** Access byte: P 0x80, DPL 0x60, S 0x10, type 0x0F. 0 in a segment that a null selector gave. */
  public int access() {
    return access;
  }

  /** AVL 1, L 2, D/B 4, G 8. */
  public int flags() {
    return flags;
  }

  /** Descriptor privilege level. */
  public int dpl() {
    return (access >>> 5) & 3;
  }

  /** Type field, 0 to 15. */
  public int type() {
    return access & 15;
  }

  /** Whether the segment can be used at all (a null selector was not loaded). */
  public boolean usable() {
    return (access & PRESENT) != 0;
  }

  /** Whether it is a data segment that expands down: offsets above the limit are valid. */
  public boolean isExpandDown() {
    return (access & (S | CODE | EXPAND_DOWN_OR_CONFORMING)) == (S | EXPAND_DOWN_OR_CONFORMING);
  }

  /** Whether D/B is set. */
  public boolean isBig() {
    return (flags & DEFAULT_BIG) != 0;
  }

  /** Whether L is set. */
  public boolean isLong() {
    return (flags & LONG) != 0;
  }

  /** Writes all parts. */
  public void set(int selector, long base, long limit, int access, int flags) {
    this.selector = selector & 0xFFFF;
    this.base = base;
    this.limit = limit;
    this.access = access;
    this.flags = flags;
  }

  /** Writes the selector alone, as real mode does where the rest stays (unreal mode). */
  public void selector(int selector) {
    this.selector = selector & 0xFFFF;
  }

  /** Writes the base alone (WRFSBASE, the FS.base MSR, real-mode loads). */
  public void base(long base) {
    this.base = base;
  }

  /** Writes the limit alone, in bytes. */
  public void limit(long limit) {
    this.limit = limit;
  }

  /** Writes the access byte alone. */
  public void access(int access) {
    this.access = access;
  }

  /** Becomes a copy of another. */
  public void set(SegmentRegister other) {
    set(other.selector, other.base, other.limit, other.access, other.flags);
  }
}
